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

type Environment = { readonly [variable: string]: string | undefined };

const SUFFIX = '_FILE';

const contentOf = async (variable: string, path: string): Promise<string> => {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${variable}: ${reason}`, { cause: error });
  }
};

/**
 * The environment, with the content of the files that `OVENBIRD_SECTION_NAME_FILE` names as `OVENBIRD_SECTION_NAME`: for
 * secrets that are handed over in files. A line end at the end is not part of it.
 *
 * @param known variables of all settings
 * @throws ConfigError for a file that cannot be read, and for a variable that is given both ways
 */
export const readNamedFiles = async (
  environment: Environment,
  known: ReadonlySet<string>,
): Promise<Environment> => {
  const read: { [variable: string]: string | undefined } = { ...environment };
  for (const [name, path] of Object.entries(environment)) {
    const variable = name.slice(0, -SUFFIX.length);
    if (!name.endsWith(SUFFIX) || path === undefined || known.has(name) || !known.has(variable)) continue;
    if (environment[variable] !== undefined)
      throw new ConfigError(`${variable} and ${name} are both given; one of them must go`);
    read[variable] = await contentOf(name, path);
    delete read[name];
  }
  return read;
};
