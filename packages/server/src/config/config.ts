import { nearest } from './nearest.ts';
import { ConfigError, type Option } from './option.ts';
import { options } from './options.ts';

export { ConfigError } from './option.ts';

type Options = typeof options;
type ValueOf<O> = O extends Option<infer T> ? T : never;

/** The settings of a service, frozen. See `options.ts` for what they mean. */
export type Config = {
  readonly [S in keyof Options]: { readonly [O in keyof Options[S]]: ValueOf<Options[S][O]> };
};

/** Where settings come from; the environment wins over the file. */
export interface ConfigSource {
  /** What the file holds: sections of settings. */
  readonly file?: unknown;
  /** `OVENBIRD_SECTION_NAME`, e.g. `OVENBIRD_OVN_NB_CONNECTION`. Other variables are left alone. */
  readonly environment?: { readonly [variable: string]: string | undefined };
}

const PREFIX = 'OVENBIRD_';

type AnySection = { readonly [name: string]: Option<unknown> };
type Given = Map<string, unknown>;

const upperSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The environment variable of a setting. */
export const variableOf = (section: string, name: string): string =>
  `${PREFIX}${upperSnake(section)}_${upperSnake(name)}`;

/** The environment variables of all settings. */
export const variables = (): ReadonlySet<string> =>
  new Set(
    Object.entries(options).flatMap(([section, names]) =>
      Object.keys(names).map((name) => variableOf(section, name)),
    ),
  );

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const suggestion = (key: string, known: readonly string[]): string => {
  const near = nearest(key, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
};

const sectionsOf = (file: unknown): { readonly [section: string]: unknown } => {
  if (file === undefined || file === null) return {};
  if (!isRecord(file)) throw new ConfigError('the configuration must be a mapping of sections');
  return file;
};

const given = (source: ConfigSource): Given => {
  const known: { readonly [section: string]: AnySection } = options;
  const values: Given = new Map();
  for (const [section, body] of Object.entries(sectionsOf(source.file))) {
    const names = Object.hasOwn(known, section) ? known[section] : undefined;
    if (names === undefined) {
      throw new ConfigError(`unknown section ${section}${suggestion(section, Object.keys(known))}`);
    }
    if (body === null) continue;
    if (!isRecord(body)) throw new ConfigError(`section ${section} must be a mapping`);
    for (const [name, value] of Object.entries(body)) {
      if (!Object.hasOwn(names, name)) {
        throw new ConfigError(`unknown setting ${section}.${name}${suggestion(name, Object.keys(names))}`);
      }
      values.set(`${section}.${name}`, value);
    }
  }
  return values;
};

const fromEnvironment = (source: ConfigSource, values: Given): void => {
  const byVariable = new Map(
    Object.entries(options).flatMap(([section, names]) =>
      Object.keys(names).map((name) => [variableOf(section, name), `${section}.${name}`] as const),
    ),
  );
  const sections = Object.keys(options).map((section) => `${PREFIX}${upperSnake(section)}_`);
  for (const [variable, value] of Object.entries(source.environment ?? {})) {
    if (value === undefined || !variable.startsWith(PREFIX)) continue;
    const path = byVariable.get(variable);
    if (path !== undefined) values.set(path, value);
    else if (sections.some((prefix) => variable.startsWith(prefix))) {
      throw new ConfigError(`unknown variable ${variable}${suggestion(variable, [...byVariable.keys()])}`);
    }
  }
};

const readOption = (path: string, option: Option<unknown>, values: Given): unknown => {
  if (!values.has(path)) return option.initial;
  try {
    return option.read(values.get(path));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${path} ${error.message}`, { cause: error });
  }
};

/**
 * Settings from `source`, with defaults for the rest. Throws {@link ConfigError} for what is unknown, naming the nearest
 * known name, and for what cannot be.
 */
export const loadConfig = (source: ConfigSource = {}): Config => {
  const values = given(source);
  fromEnvironment(source, values);
  const sections = Object.entries(options).map(([section, names]) => {
    const settings = Object.entries<Option<unknown>>(names).map(
      ([name, option]) => [name, readOption(`${section}.${name}`, option, values)] as const,
    );
    return [section, Object.freeze(Object.fromEntries(settings))] as const;
  });
  // Every entry was read by the option of its name, which the type is derived from.
  return Object.freeze(Object.fromEntries(sections)) as Config;
};
