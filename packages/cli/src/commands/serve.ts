import cluster from 'node:cluster';
import { becomeUser, createLogger, loadConfiguration, serve } from '@ovenbird/server';
import { Command, InvalidArgumentError } from 'commander';
import { untilTold } from '../stop-signal.ts';
import { runWorkers } from '../workers.ts';

interface ServeArguments {
  readonly config?: string;
  readonly workers: number;
}

const MAX_WORKERS = 128;

const workerCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_WORKERS)
    throw new InvalidArgumentError(`a whole number from 1 to ${MAX_WORKERS}`);
  return count;
};

const serveAll = async ({ config, workers }: ServeArguments, signal: AbortSignal): Promise<void> => {
  if (workers === 1 || cluster.isWorker) {
    try {
      await serve({ configFile: config, environment: process.env, signal });
    } finally {
      // A worker lives as long as its channel to the first process.
      cluster.worker?.disconnect();
    }
    return;
  }
  const { database, log, process: runAs } = await loadConfiguration(config);
  if (database.url.startsWith('sqlite:'))
    throw new Error('SQLite serves one process: --workers needs PostgreSQL (database.url)');
  const logger = createLogger({ level: log.level });
  becomeUser(runAs, logger);
  await runWorkers({ count: workers, logger, signal });
};

/** `ovenbird serve`: the API service with a configuration of one's own. */
export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the API service in the foreground')
    .option('--config <file>', 'YAML or JSON configuration file; OVENBIRD_SECTION_NAME variables win over it')
    .option(
      '--workers <number>',
      'processes that share the work on this host; more than 1 need PostgreSQL',
      workerCount,
      1,
    )
    .action((given: ServeArguments) => untilTold((signal) => serveAll(given, signal)));
