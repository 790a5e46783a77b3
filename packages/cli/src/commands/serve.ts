import { createApp, loadConfig, readConfigFile } from '@ovenbird/server';
import { Command } from 'commander';
import { aborted, untilTold } from '../stop-signal.ts';

/** `ovenbird serve`: the API service with a configuration of one's own. */
export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the API service in the foreground')
    .option('--config <file>', 'YAML or JSON configuration file; OVENBIRD_SECTION_NAME variables win over it')
    .action(({ config }: { config?: string }) => untilTold((signal) => runService(config, signal)));

async function runService(file: string | undefined, signal: AbortSignal): Promise<void> {
  const given = file === undefined ? undefined : await readConfigFile(file);
  await using app = await createApp(loadConfig({ file: given, environment: process.env }));
  const url = await app.listen();
  console.log(`ready: networking API ${url}`);
  await aborted(signal);
}
