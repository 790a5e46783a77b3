import { loadConfiguration, readTimeline } from '@ovenbird/server';
import { Command } from 'commander';
import { configOption, jsonOption } from '../options.ts';
import { tableLines } from '../table.ts';

interface TimelineOptions {
  readonly config?: string;
  readonly json?: true;
}

const timeline = async (id: string, { config, json }: TimelineOptions): Promise<void> => {
  const stages = await readTimeline(await loadConfiguration(config), id);
  if (json === true) console.log(JSON.stringify(stages, undefined, 2));
  else if (stages.length === 0)
    console.log('Nothing is kept of this port: there is none, or it was made before timelines were kept.');
  else {
    const rows = stages.map((stage) => [stage.name, stage.at, stage.milliseconds, stage.since_previous]);
    console.log(tableLines(['STAGE', 'AT', 'MS', 'SINCE THE ONE BEFORE'], rows).join('\n'));
  }
};

/** `ovenbird port`: what the service knows of single ports. */
export const portCommand = (): Command =>
  new Command('port')
    .description('Look at single ports')
    .addCommand(
      new Command('timeline')
        .description('Show when a port passed each stage of its way to its machine')
        .argument('<id>', 'id of the port')
        .addOption(configOption())
        .addOption(jsonOption())
        .action(timeline),
    );
