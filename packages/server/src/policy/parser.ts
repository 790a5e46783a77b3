import { type Check, type Operand, PolicySyntaxError, type Template } from './check.ts';
import { type Token, tokenize } from './lexer.ts';

/** Deeper nesting than any sane rule; keeps hostile policy files from exhausting the stack. */
const maxDepth = 100;

/** `a%(key)sb` → template. `%%` stands for one per cent sign. Throws PolicySyntaxError on another use of `%`. */
const parseTemplate = (text: string): Template => {
  let start = '';
  const holes: { key: string; text: string }[] = [];
  for (const [part, key] of text.matchAll(/%\(([^()%]+)\)s|%%|[^%]|%/g)) {
    if (part === '%') throw new PolicySyntaxError(`'${text}' has a % that is not of the form %(attribute)s`);
    const plain = part === '%%' ? '%' : part;
    const last = holes.at(-1);
    if (key !== undefined) holes.push({ key, text: '' });
    else if (last === undefined) start += plain;
    else last.text += plain;
  }
  return { start, holes };
};

const parseOperand = (text: string): Operand => {
  if (/^(['"]).*\1$/s.test(text)) return { from: 'literal', text: text.slice(1, -1) };
  if (/^(True|False|None|[+-]?\d+)$/.test(text)) return { from: 'literal', text: text.replace('+', '') };
  if (text.includes('%(')) return { from: 'target', template: parseTemplate(text) };
  return { from: 'credentials', path: text.split('.') };
};

/** Where the colon between left and right is: not one inside quotes or inside `%( )s`. */
const colonOf = (text: string): number => {
  const quote = text[0];
  let at = 0;
  if (quote === "'" || quote === '"') at = Math.max(text.indexOf(quote, 1), 0);
  let depth = 0;
  for (; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    else if (text[at] === ':' && depth <= 0) return at;
  }
  return -1;
};

/** `networks:shared=True`, `port:device_owner=~^network:`. */
const parseField = (text: string): Check => {
  const colon = text.indexOf(':');
  const equals = text.indexOf('=');
  if (colon < 1 || equals < colon + 2)
    throw new PolicySyntaxError(`'field:${text}' is not of the form field:resource:attribute=value`);
  const collection = text.slice(0, colon);
  const field = text.slice(colon + 1, equals);
  const value = text.slice(equals + 1);
  if (!value.startsWith('~')) return { kind: 'field', collection, field, expected: value };
  try {
    // Anchored at the start, as the reference's regular expressions are.
    return { kind: 'field', collection, field, expected: new RegExp(`^(?:${value.slice(1)})`, 'u') };
  } catch (error) {
    throw new PolicySyntaxError(`'field:${text}' holds a bad regular expression`, { cause: error });
  }
};

const parseLeaf = (text: string): Check => {
  if (text === '@') return { kind: 'always' };
  if (text === '!') return { kind: 'never' };
  const colon = colonOf(text);
  if (colon === -1) throw new PolicySyntaxError(`'${text}' is not a check: it has no colon`);
  const left = text.slice(0, colon);
  const right = text.slice(colon + 1);
  switch (left) {
    case '':
      throw new PolicySyntaxError(`'${text}' is not a check: nothing before the colon`);
    case 'rule':
      return { kind: 'rule', name: right };
    case 'role':
      return { kind: 'role', match: parseTemplate(right) };
    case 'is_admin':
      return { kind: 'is_admin', expected: right.toLowerCase() === 'true' || right === '1' };
    case 'field':
      return parseField(right);
    case 'http':
    case 'https':
      throw new PolicySyntaxError(
        `'${text}' asks another server: ${left}: checks are refused, a decision must not depend on the network`,
      );
    default:
      return { kind: 'compare', left: parseOperand(left), right: parseTemplate(right) };
  }
};

/** Recursive descent: or ← and ← not ← primary. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Check {
    const check = this.#chain('or', () => this.#chain('and', () => this.#not()));
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new PolicySyntaxError(`unexpected ${describe(rest)}`);
    return check;
  }

  #chain(kind: 'and' | 'or', operand: () => Check): Check {
    const first = operand();
    const more: Check[] = [];
    while (this.#tokens[this.#at]?.kind === kind) {
      this.#at += 1;
      more.push(operand());
    }
    return more.length === 0 ? first : { kind, parts: [first, ...more] };
  }

  #not(): Check {
    if (this.#tokens[this.#at]?.kind !== 'not') return this.#primary();
    return this.#deeper(() => {
      this.#at += 1;
      return { kind: 'not', part: this.#not() };
    });
  }

  #primary(): Check {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'check') return parseLeaf(token.text);
    if (token?.kind !== '(') throw new PolicySyntaxError(`a check is missing before ${describe(token)}`);
    return this.#deeper(() => {
      const check = this.#chain('or', () => this.#chain('and', () => this.#not()));
      const closing = this.#tokens[this.#at];
      if (closing?.kind !== ')') throw new PolicySyntaxError(`')' is missing before ${describe(closing)}`);
      this.#at += 1;
      return check;
    });
  }

  #deeper<T>(inner: () => T): T {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new PolicySyntaxError('the rule is nested too deeply');
    const result = inner();
    this.#depth -= 1;
    return result;
  }
}

const describe = (token: Token | undefined): string => {
  if (token === undefined) return 'the end of the rule';
  return token.kind === 'check' ? `'${token.text}'` : `'${token.kind}'`;
};

/** Rule text → check. Throws PolicySyntaxError saying what is wrong. An empty rule always holds. */
export const parseRule = (text: string): Check => {
  const tokens = tokenize(text);
  return tokens.length === 0 ? { kind: 'always' } : new Parser(tokens).whole();
};
