import { becomeUser } from './app/become-user.ts';
import { type App, createApp } from './app.ts';
import { type Config, loadConfig, variables } from './config/config.ts';
import { readConfigFile, readNamedFiles } from './config/read-file.ts';
import { createLogger } from './core/logger.ts';
import { sleep } from './core/sleep.ts';

export interface ServeOptions {
  /** YAML or JSON file of settings; undefined: defaults and the environment only. */
  readonly configFile: string | undefined;
  readonly environment: { readonly [variable: string]: string | undefined };
  /** Ends the service. */
  readonly signal: AbortSignal;
  /** Told the URL of the API once it answers. */
  ready?(url: string): void;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Settings from a YAML or JSON file, if there is one, and the environment, some of it in files. Throws ConfigError.
 */
export const loadConfiguration = async (
  configFile: string | undefined,
  environment: ServeOptions['environment'] = process.env,
): Promise<Config> =>
  loadConfig({
    environment: await readNamedFiles(environment, variables()),
    ...(configFile === undefined ? {} : { file: await readConfigFile(configFile) }),
  });

/**
 * Run the service until `signal` aborts: read the configuration, leave root, build the app, listen, and take everything
 * down again.
 *
 * @throws ConfigError for a configuration that cannot be
 */
export const serve = async (options: ServeOptions): Promise<void> => {
  const config = await loadConfiguration(options.configFile, options.environment);
  const logger = createLogger({ level: config.log.level });
  becomeUser(config.process, logger);
  await using app: App = await createApp(config, { logger, signal: options.signal });
  const url = await app.listen();
  logger.info({ url }, 'listening');
  options.ready?.(url);
  await aborted(options.signal);
  app.leave();
  logger.info({ seconds: config.api.stopDelay }, 'stopping');
  await sleep(config.api.stopDelay * 1000);
};

if (import.meta.main) {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  await serve({ configFile: process.argv[2], environment: process.env, signal: stop.signal });
}
