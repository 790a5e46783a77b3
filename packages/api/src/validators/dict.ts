import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isStorable } from './string.ts';

/** A JSON object of any content. */
export type Dict = { readonly [key: string]: unknown };

const DEEPEST = 16;

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of an object that are not among the known ones. */
export const unexpectedKeys = (value: Dict, known: ReadonlySet<string>): string[] =>
  Object.keys(value).filter((key) => !known.has(key));

const isPlain = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= DEEPEST) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  return Object.entries(value).every(([key, item]) => isStorable(key) && isPlain(item, depth + 1));
};

const checkDict = (value: unknown): Parsed<Dict> => {
  if (!isDict(value)) return refused(`'${display(value)}' is not a dictionary`);
  return isPlain(value, 0) ? accepted(value) : refused('a value in the dictionary cannot be stored');
};

/** An object of any content, at most 16 levels deep. */
export const dict: ValueType<Dict> = { name: 'dict', schema: { type: 'object' }, parse: checkDict };

const LONGEST_PROFILE = 4095;

/** A binding profile: an object of at most 4,095 characters of JSON; null means the empty one. */
export const bindingProfile: ValueType<Dict> = {
  name: 'binding profile',
  schema: { type: ['object', 'null'], description: `At most ${LONGEST_PROFILE} characters of JSON.` },
  parse: (value) => {
    if (value === null) return accepted({});
    const checked = checkDict(value);
    if (!checked.ok) return checked;
    return JSON.stringify(checked.value).length > LONGEST_PROFILE
      ? refusedWith(InvalidInput({ message: 'binding:profile value too large' }))
      : checked;
  },
};
