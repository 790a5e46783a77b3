import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

const LINE_END = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const PLAIN_NAME = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;
const NAME = /^(?:[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?)?$/u;

const notString = (value: unknown): Parsed<never> => refused(`'${display(value)}' is not a valid string`);

/** Length in characters, as databases and the reference count them, not in UTF-16 units. */
const tooLong = (text: string, max: number): boolean => text.length > max && [...text].length > max;

/** Whether a text can be stored and sent: no NUL (PostgreSQL refuses it), no lone surrogate (it has no UTF-8 form). */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const checkString = (value: unknown, max: number): Parsed<string> => {
  if (typeof value !== 'string' || !isStorable(value)) return notString(value);
  if (tooLong(value, max)) return refused(`'${display(value)}' exceeds maximum length of ${max}`);
  return accepted(value);
};

/** Any text of at most `max` characters, line breaks included. */
export const string = (max: number): ValueType<string> => ({
  name: 'string',
  schema: { type: 'string', maxLength: max },
  parse: (value) => checkString(value, max),
});

/** A text of at most `max` characters, or null. */
export const stringOrNull = (max: number): ValueType<string | null> => ({
  name: 'string or null',
  schema: { type: ['string', 'null'], maxLength: max },
  parse: (value) => (value === null ? accepted(null) : checkString(value, max)),
});

/** A name: at most `max` printable characters of any script, no blanks at its ends; may be empty. */
export const nameString = (max: number): ValueType<string> => ({
  name: 'name',
  schema: { type: 'string', maxLength: max },
  parse: (value) => {
    const checked = checkString(value, max);
    if (!checked.ok) return checked;
    return PLAIN_NAME.test(checked.value) || NAME.test(checked.value) ? checked : notString(value);
  },
});

/** As {@link nameString}, or null. */
export const nameStringOrNull = (max: number): ValueType<string | null> => {
  const name = nameString(max);
  return {
    name: 'name or null',
    schema: { type: ['string', 'null'], maxLength: max },
    parse: (value) => (value === null ? accepted(null) : name.parse(value)),
  };
};

/** As {@link nameString}, but not empty. */
export const notEmptyName = (max: number): ValueType<string> => {
  const name = nameString(max);
  return {
    name: 'name that is not empty',
    schema: { type: 'string', minLength: 1, maxLength: max },
    parse: (value) => (value === '' ? refused("'' Blank strings are not permitted") : name.parse(value)),
  };
};

/** One non-blank line of at most `max` characters. */
export const onelineString = (max: number): ValueType<string> => ({
  name: 'line of text',
  schema: { type: 'string', minLength: 1, maxLength: max },
  parse: (value) => {
    const checked = checkString(value, max);
    if (!checked.ok) return checked;
    if (checked.value.trim() === '') return refused(`'${display(value)}' Blank strings are not permitted`);
    if (LINE_END.test(checked.value)) {
      return refused(`Multi-line string is not allowed: '${display(value)}'`);
    }
    return checked;
  },
});

/** A list of different texts of at most `max` characters each; filters by member. */
export const uniqueStrings = (max: number): ValueType<readonly string[]> => ({
  name: 'list of strings',
  schema: { type: 'array', items: { type: 'string', maxLength: max }, uniqueItems: true },
  filterBy: 'member',
  parse: (value) => {
    if (!Array.isArray(value)) return refused(`'${display(value)}' is not a list`);
    const items = new Set<string>();
    const repeated = new Set<string>();
    for (const item of value) {
      const checked = checkString(item, max);
      if (!checked.ok) return checked;
      if (items.has(checked.value)) repeated.add(checked.value);
      items.add(checked.value);
    }
    return repeated.size === 0
      ? accepted([...items])
      : refused(`Duplicate items in the list: '${display([...repeated].slice(0, 50).join(', '))}'`);
  },
});
