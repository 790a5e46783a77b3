import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ConfigError } from './option.ts';

/** What a YAML or JSON configuration file holds. Throws {@link ConfigError} when it cannot be read. */
export const readConfigFile = async (path: string): Promise<unknown> => {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${path}: ${reason}`, { cause: error });
  }
};
