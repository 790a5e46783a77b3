/** A setting that cannot be used. Says where it is and what is wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One setting: its type, default and meaning. */
export interface Option<T> {
  readonly initial: T;
  /** `seconds`, `octets`, … ; empty when it has none. */
  readonly unit: string;
  readonly description: string;
  /** What values there are, for people. */
  readonly values: string;
  /** The value from the file, or text from the environment. Throws a plain reason as ConfigError. */
  read(given: unknown): T;
}

interface About<T> {
  readonly initial: T;
  readonly description: string;
  readonly unit?: string;
}

const about = <T>(given: About<T>) => ({
  initial: given.initial,
  description: given.description,
  unit: given.unit ?? '',
});

const wrong = (expected: string): never => {
  throw new ConfigError(`must be ${expected}`);
};

const isRecord = (given: unknown): given is { readonly [key: string]: unknown } =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const scalarText = (given: unknown): string | undefined =>
  typeof given === 'string' || typeof given === 'number' ? String(given) : undefined;

export const text = (given: About<string>): Option<string> => ({
  ...about(given),
  values: 'text',
  read: (value) => scalarText(value) ?? wrong('text'),
});

export const integer = (
  given: About<number> & { readonly min: number; readonly max: number },
): Option<number> => ({
  ...about(given),
  values: `${given.min}–${given.max}`,
  read: (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const fits = typeof number === 'number' && Number.isInteger(number);
    if (!fits || number < given.min || number > given.max) {
      return wrong(`a whole number from ${given.min} to ${given.max}`);
    }
    return number;
  },
});

export const flag = (given: About<boolean>): Option<boolean> => ({
  ...about(given),
  values: 'true, false',
  read: (value) => {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    return wrong('true or false');
  },
});

export const choice = <const C extends string | number>(
  choices: readonly C[],
  given: About<NoInfer<C>>,
): Option<C> => ({
  ...about<C>(given),
  values: choices.map((each) => (each === '' ? "''" : String(each))).join(', '),
  read: (value) =>
    choices.find((each) => String(each) === scalarText(value)) ?? wrong(`one of ${choices.join(', ')}`),
});

/** A list in the file; in the environment its members with commas between. */
export const list = (given: About<readonly string[]>): Option<readonly string[]> => ({
  ...about(given),
  values: 'list of texts',
  read: (value) => {
    const members = typeof value === 'string' ? value.split(',').map((member) => member.trim()) : value;
    if (!Array.isArray(members)) return wrong('a list');
    const texts = members.map((member: unknown) => scalarText(member) ?? wrong('a list of texts'));
    return Object.freeze(texts.filter((member) => member !== ''));
  },
});

/** A mapping in the file; in the environment `key:value` pairs with commas between. */
const mapping = <T>(
  given: About<{ readonly [key: string]: T }>,
  values: string,
  member: (value: unknown) => T | undefined,
): Option<{ readonly [key: string]: T }> => ({
  ...about(given),
  values,
  read: (value) => {
    const record = typeof value === 'string' ? pairs(value) : value;
    if (!isRecord(record)) return wrong(`a mapping (${values})`);
    const entries = Object.entries(record).map(
      ([key, each]) => [key, member(each) ?? wrong(`a mapping (${values})`)] as const,
    );
    return Object.freeze(Object.fromEntries(entries));
  },
});

const pairs = (line: string): { readonly [key: string]: string } =>
  Object.fromEntries(
    line
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const colon = pair.indexOf(':');
        if (colon < 1) return wrong('key:value pairs with commas between');
        return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()] as const;
      }),
  );

export const textMap = (given: About<{ readonly [key: string]: string }>) =>
  mapping(given, 'name to text', scalarText);

export const integerMap = (
  given: About<{ readonly [key: string]: number }> & { readonly min: number; readonly max: number },
) =>
  mapping(given, `name to whole number from ${given.min} to ${given.max}`, (value) => {
    const number = Number(scalarText(value) || Number.NaN);
    return Number.isInteger(number) && number >= given.min && number <= given.max ? number : undefined;
  });
