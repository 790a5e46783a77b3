const LONGEST = 1024;
const DEEPEST = 4;

const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text}'`;

const literal = (value: unknown, depth: number): string => {
  if (typeof value === 'string')
    return quoted(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return String(value);
  if (depth >= DEEPEST) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) {
    const shown = value.slice(0, 50).map((item) => literal(item, depth + 1));
    return `[${(value.length > 50 ? [...shown, '…'] : shown).join(', ')}]`;
  }
  const entries = Object.entries(value).slice(0, 50);
  return `{${entries.map(([key, item]) => `${literal(key, depth)}: ${literal(item, depth + 1)}`).join(', ')}}`;
};

/**
 * A JSON value as the reference's messages spell it (`None`, `True`, `['a']`), shortened to 1,024 characters: clients
 * compare the text, and an answer must not grow with the request.
 */
export const display = (value: unknown): string => {
  const text = typeof value === 'string' ? value : literal(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

/** A list of names as the reference's messages spell it: `['a', 'b']`. */
export const displayList = (values: readonly string[]): string => display(values);
