import { randomUUID } from 'node:crypto';
import type { JsonSchema } from '@ovenbird/api';
import { FITTING, NASTY_TEXTS, NASTY_VALUES } from './dictionary.ts';
import type { Random } from './random.ts';

/** Ids of what there is, by singular name of the resource. */
export type Ids = Map<string, string[]>;

const record = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Values of an attribute: mostly such as its schema says, sometimes anything. */
export class Values {
  readonly #random: Random;
  readonly #ids: Ids;

  constructor(random: Random, ids: Ids) {
    this.#random = random;
    this.#ids = ids;
  }

  /** Anything at all. */
  nasty(): unknown {
    const random = this.#random;
    return random.chance(0.6) ? random.pick(NASTY_TEXTS) : random.pick(NASTY_VALUES);
  }

  /** An id of something of that kind, of anything, or of nothing. */
  id(kind: string): string {
    const random = this.#random;
    const own = this.#ids.get(kind) ?? [];
    if (own.length > 0 && random.chance(0.85)) return random.pick(own);
    const all = [...this.#ids.values()].flat();
    return all.length > 0 && random.chance(0.5) ? random.pick(all) : randomUUID();
  }

  #text(name: string): string {
    const random = this.#random;
    const reference =
      /^(?:.*_)?(network|subnet|port|router|group|policy|pool|scope|project|tenant)_ids?$/.exec(name);
    if (reference?.[1] !== undefined) return this.id(this.#kindOf(reference[1], name));
    if (/^(security_groups|object_id|id)$/.test(name))
      return this.id(name === 'id' ? 'any' : 'security_group');
    const fitting = FITTING.find(([form]) => form.test(name));
    return fitting === undefined ? `v${random.below(20)}` : random.pick(fitting[1]);
  }

  #kindOf(word: string, name: string): string {
    if (name.includes('address_group')) return 'address_group';
    if (word === 'group') return 'security_group';
    if (word === 'pool') return 'subnetpool';
    if (word === 'scope') return 'address_scope';
    return word === 'tenant' ? 'project' : word;
  }

  #number(schema: JsonSchema): number {
    const random = this.#random;
    const low = typeof schema.minimum === 'number' ? schema.minimum : 0;
    const high = typeof schema.maximum === 'number' ? schema.maximum : low + 5000;
    return random.pick([low, high, low - 1, high + 1, low + random.below(Math.min(high - low, 5000) + 1)]);
  }

  #object(schema: JsonSchema, name: string): unknown {
    const random = this.#random;
    const entries = Object.entries(record(schema.properties))
      .filter(() => random.chance(0.7))
      .map(([key, inner]) => [key, this.of(record(inner), key)] as const);
    if (entries.length === 0) entries.push([this.#random.pick(['a', 'mtu', name, '']), this.nasty()]);
    return Object.fromEntries(entries);
  }

  /** A value of the attribute `name` with this schema. */
  of(schema: JsonSchema, name: string): unknown {
    const random = this.#random;
    if (random.chance(0.08)) return this.nasty();
    if (Array.isArray(schema.enum)) return random.pick(schema.enum);
    const choices = schema.oneOf ?? schema.anyOf;
    if (Array.isArray(choices)) return this.of(record(random.pick(choices)), name);
    const type: unknown = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
    switch (type) {
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'null':
        return null;
      case 'array':
        return Array.from({ length: random.below(4) }, () => this.of(record(schema.items), name));
      case 'object':
        return this.#object(schema, name);
      default:
        return this.#text(name);
    }
  }
}
