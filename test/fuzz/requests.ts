import { type Attributes, membersOf, type ResourceDefinition, resources } from '@ovenbird/api';
import { NASTY_TEXTS } from './dictionary.ts';
import type { Random } from './random.ts';
import { type Ids, Values } from './values.ts';

export interface FuzzRequest {
  readonly method: string;
  /** Below `/v2.0/`, query included. */
  readonly path: string;
  /** JSON text, or what was made of it. */
  readonly body: string | undefined;
  readonly headers: { readonly [name: string]: string };
  /** What a 201 makes. */
  readonly makes: string | undefined;
}

type Verb = 'POST' | 'PUT';

/** Characters that a URL may hold as they are; the rest is sent escaped, mostly. */
const escaped = (random: Random, text: string): string => {
  try {
    return random.chance(0.95) ? encodeURIComponent(text) : text.replaceAll(/[^\x21-\x7e]/g, '%');
  } catch {
    return '%ED%A0%80';
  }
};

/** Claims, and texts that mean something where a header is kept, sent on or written down. */
const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['x-roles', ['admin']],
  ['x-project-id', ['00000000-0000-0000-0000-000000000000']],
  ['x-identity-status', ['Confirmed']],
  ['x-service-token', ['x', '']],
  ['x-openstack-request-id', ['req-1', 'a\r\nX-Injected: yes', '{"msg":"forged"}', 'x'.repeat(5_000)]],
  ['x-request-id', ['\u001b[31m', '..', '<b>']],
  ['x-forwarded-for', ['127.0.0.1', '::1, x', '"']],
  ['x-forwarded-host', ['evil.example', 'a\r\nX-Injected: yes']],
  ['forwarded', ['for=127.0.0.1;host=evil.example;proto=javascript']],
  ['x-http-method-override', ['DELETE']],
  ['accept', ['text/html', 'application/xml', '*/*;q=x', '']],
  ['content-encoding', ['gzip', 'identity', 'br']],
  ['content-type', ['text/plain', 'application/json; charset=utf-7', 'application/xml', '']],
  ['transfer-encoding', ['chunked, identity']],
  ['expect', ['100-continue', 'x']],
  ['__proto__', ['x']],
];

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 500);

const parametersOf = (path: string): string => path.replaceAll(/\{\w+\}/g, 'x');

/** Makes requests of every operation from the definitions of the API. */
export class Requests {
  readonly #random: Random;
  readonly #values: Values;
  readonly #ids: Ids;
  /** Collections of members that hang below others, by id. */
  readonly #places = new Map<string, string>();

  constructor(random: Random, ids: Ids) {
    this.#random = random;
    this.#values = new Values(random, ids);
    this.#ids = ids;
  }

  next(): FuzzRequest {
    const request = this.#request();
    const random = this.#random;
    if (!random.chance(0.04)) return request;
    const [name, values] = random.pick(HEADERS);
    return { ...request, headers: { ...request.headers, [name]: random.pick(values) } };
  }

  #request(): FuzzRequest {
    const random = this.#random;
    if (random.chance(0.02)) return this.#plain('GET', this.#part());
    const definition = random.pick(resources);
    const id = this.#memberId(definition);
    const below = (random.chance(0.9) ? this.#places.get(id) : undefined) ?? this.#place(definition);
    const member = `${below}/${id}`;
    if (random.chance(0.02))
      return this.#plain(random.pick(['PATCH', 'PUT', 'DELETE', 'POST']), random.pick([below, member]));
    if (random.chance(0.06) && definition.taggable === true) return this.#tags(member);
    if (random.chance(0.1)) return this.#action(definition, member);
    switch (random.pick(definition.operations)) {
      case 'create':
      case 'bulk':
        return this.#write('POST', below, definition);
      case 'update':
        return this.#write('PUT', member, definition);
      case 'delete':
        return this.#plain('DELETE', random.chance(0.2) ? member : `${below}/${this.#part()}`);
      case 'show':
        return this.#plain('GET', member + this.#query(definition));
      case 'list':
        return this.#plain('GET', below + this.#query(definition));
    }
  }

  #part(): string {
    return escaped(this.#random, this.#random.pick(NASTY_TEXTS).slice(0, 300));
  }

  #memberId({ name }: ResourceDefinition): string {
    return this.#random.chance(0.95) ? this.#values.id(name.replace('alias_', '')) : this.#part();
  }

  #place(definition: ResourceDefinition): string {
    const parent = definition.memberOf;
    const owner = resources.find(({ name }) => name === parent?.resource);
    if (parent === undefined || owner === undefined) return definition.path;
    return `${owner.path}/${this.#memberId(owner)}/${definition.path}`;
  }

  #plain(method: string, path: string): FuzzRequest {
    return { method, path, body: undefined, headers: {}, makes: undefined };
  }

  #attributes(attributes: Attributes, verb: Verb): object {
    const random = this.#random;
    const entries = Object.entries(attributes).flatMap(([name, attribute]) => {
      const allowed = verb === 'POST' ? attribute.post !== 'forbidden' : attribute.put;
      const wanted = verb === 'POST' && attribute.post === 'required' ? 0.97 : allowed ? 0.2 : 0.01;
      return random.chance(wanted) ? [[name, this.#values.of(attribute.type.schema, name)] as const] : [];
    });
    if (random.chance(0.03)) entries.push([random.pick(NASTY_TEXTS).slice(0, 300), this.#values.nasty()]);
    return Object.fromEntries(entries);
  }

  #write(method: Verb, path: string, definition: ResourceDefinition): FuzzRequest {
    const random = this.#random;
    const one = () => this.#attributes(definition.attributes, method);
    const bulk = random.chance(0.1);
    const body: unknown = bulk
      ? { [definition.collection]: Array.from({ length: random.below(4) }, one) }
      : {
          [random.chance(0.98) ? definition.name : 'network']: random.chance(0.98)
            ? one()
            : this.#values.nasty(),
        };
    const headers = random.chance(0.03)
      ? { 'if-match': random.pick(['revision_number=1', 'revision_number=x', '*', `"${'9'.repeat(30)}"`]) }
      : {};
    return { method, path, body: this.#mutated(JSON.stringify(body)), headers, makes: definition.name };
  }

  /** JSON text, at times broken or doubled. */
  #mutated(text: string): string {
    const random = this.#random;
    if (random.chance(0.95)) return text;
    const at = random.below(text.length + 1);
    const other = random.pick([
      '',
      '"',
      '{',
      ']',
      ',',
      ':',
      '\\u0000',
      '\\ud800',
      '\u0000',
      '1e999',
      ' ',
      '/**/',
      'ÿ',
    ]);
    return random.pick([
      text.slice(0, at),
      text.slice(0, at) + other + text.slice(at + 1),
      text.slice(0, at) + other + text.slice(at),
      text.replace('{', '{"name":"first","name":"second",'),
      text.replace('{', '{"__proto__":{"shared":true},'),
      this.#doubled(text),
      this.#doubled(text),
      this.#within(text, '"__proto__":{"polluted":true,"shared":true,"project_id":"x"},'),
      this.#within(text, '"constructor":{"prototype":{"polluted":true}},'),
      `${text}${text}`,
    ]);
  }

  /** With one of its keys twice, the first time with another value. */
  #doubled(text: string): string {
    const keys = [...text.matchAll(/"(\w+)":/g)];
    if (keys.length === 0) return text;
    const { index, 0: key } = this.#random.pick(keys);
    return `${text.slice(0, index)}${key}${JSON.stringify(this.#values.nasty())},${text.slice(index)}`;
  }

  /** With members put into one of its objects. */
  #within(text: string, members: string): string {
    const places = [...text.matchAll(/\{(?=")/g)];
    if (places.length === 0) return text;
    const at = this.#random.pick(places).index + 1;
    return text.slice(0, at) + members + text.slice(at);
  }

  #query(definition: ResourceDefinition): string {
    const random = this.#random;
    const names = Object.keys(definition.attributes);
    const pair = (): string => {
      const name = random.pick([
        'sort_key',
        'sort_dir',
        'limit',
        'marker',
        'page_reverse',
        'fields',
        'any',
        'any',
        'any',
      ]);
      const attribute = random.pick([
        ...names,
        ...(definition.extraFilters ?? []),
        'tags',
        'not-tags-any',
        'x',
      ]);
      const schema = definition.attributes[attribute]?.type.schema ?? {};
      const value = (): string => textOf(this.#values.of(schema, attribute));
      switch (name) {
        case 'sort_key':
          return `sort_key=${escaped(random, attribute)}&sort_dir=${random.pick(['asc', 'desc'])}`;
        case 'fields':
          return `${name}=${escaped(random, attribute)}`;
        case 'sort_dir':
          return `${name}=${random.pick(['asc', 'desc', 'up', ''])}`;
        case 'limit':
          return `${name}=${random.pick(['1', '0', '-1', '5', 'x', '99999999999999999999', ''])}`;
        case 'marker':
          return `${name}=${escaped(random, this.#memberId(definition))}`;
        case 'page_reverse':
          return `${name}=${random.pick(['True', 'false', '2'])}`;
        default:
          return `${escaped(random, attribute)}=${escaped(random, random.chance(0.7) ? value() : textOf(this.#values.nasty()))}`;
      }
    };
    const count = random.below(4);
    return count === 0 ? '' : `?${Array.from({ length: count }, pair).join('&')}`;
  }

  #tags(member: string): FuzzRequest {
    const random = this.#random;
    const path = random.chance(0.5) ? `${member}/tags` : `${member}/tags/${this.#part()}`;
    const method = random.pick(['GET', 'PUT', 'POST', 'DELETE']);
    const tags = random.chance(0.5)
      ? ['a', 'b']
      : random.chance(0.5)
        ? [random.pick(NASTY_TEXTS)]
        : this.#values.nasty();
    const body = method === 'PUT' || method === 'POST' ? this.#mutated(JSON.stringify({ tags })) : undefined;
    return { method, path, body, headers: {}, makes: undefined };
  }

  #action(definition: ResourceDefinition, member: string): FuzzRequest {
    const random = this.#random;
    const actions = [definition, ...membersOf(definition.name)].flatMap(({ actions: some }) =>
      Object.values(some ?? {}),
    );
    if (actions.length === 0) return this.#plain('GET', `${member}/${this.#part()}`);
    const action = random.pick(actions);
    const known = {
      subnet_id: this.#values.id('subnet'),
      port_id: this.#values.id('port'),
      network_id: this.#values.id('network'),
      addresses: this.#values.of({ type: 'array', items: { type: 'string' } }, 'addresses'),
      prefixes: this.#values.of({ type: 'array', items: { type: 'string' } }, 'prefixes'),
      sub_ports: [
        { port_id: this.#values.id('port'), segmentation_type: 'vlan', segmentation_id: random.below(5000) },
      ],
      router: this.#attributes(definition.attributes, 'PUT'),
    };
    const entries = Object.entries(known).filter(() => random.chance(0.4));
    if (random.chance(0.1)) entries.push(['x', this.#values.id('any')]);
    const body = this.#mutated(JSON.stringify(Object.fromEntries(entries)));
    const path = `${member}/${parametersOf(action.path)}`;
    return {
      method: action.method,
      path,
      body: action.method === 'GET' ? undefined : body,
      headers: {},
      makes: undefined,
    };
  }

  /** Remember what was made, and forget what there is too much of; gives the path of what is to be deleted. */
  remember(kind: string, id: string, place: string, most: number): string | undefined {
    this.#places.set(id, place);
    const known = this.#ids.get(kind) ?? [];
    this.#ids.set(kind, known);
    known.push(id);
    if (known.length <= most) return undefined;
    const [old = ''] = known.splice(this.#random.below(known.length), 1);
    const path = `${this.#places.get(old)}/${old}`;
    this.#places.delete(old);
    return path;
  }

  /** Forget what was deleted. */
  forget(id: string): void {
    this.#places.delete(id);
    for (const [kind, ids] of this.#ids)
      if (ids.includes(id))
        this.#ids.set(
          kind,
          ids.filter((each) => each !== id),
        );
  }
}
