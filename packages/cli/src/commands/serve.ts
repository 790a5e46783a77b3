import { serve } from '@ovenbird/server';
import { Command } from 'commander';
import { untilTold } from '../stop-signal.ts';

/** `ovenbird serve`: the API service with a configuration of one's own. */
export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the API service in the foreground')
    .option('--config <file>', 'YAML or JSON configuration file; OVENBIRD_SECTION_NAME variables win over it')
    .action(({ config }: { config?: string }) =>
      untilTold((signal) => serve({ configFile: config, environment: process.env, signal })),
    );
