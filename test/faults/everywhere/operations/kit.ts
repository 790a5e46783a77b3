import type { Answer, Ask } from '../service.ts';
import { type Kind, sweep } from './sweep.ts';

/** What every case stands on. */
export interface Ground {
  readonly network: string;
  readonly subnet: string;
  readonly outside: string;
  /** Another way out. */
  readonly beyond: string;
  readonly router: string;
  readonly group: string;
  /** A policy of quality of service with a rule. */
  readonly policy: string;
}

/** One operation with what it needs made, ready to be asked once. */
export interface Prepared {
  ask(): Promise<Answer>;
  /** Whether it has happened, in full; only reads. */
  done(): Promise<boolean>;
  /**
   * Whether what follows in transactions of its own has happened as well, which a failure may delay: at once when the
   * answer is that all went well, and some time `afterwards` when the service was killed.
   */
  whole?(afterwards: boolean): Promise<boolean>;
  /** Remove everything that the case made, whether it happened or not. */
  clean(): Promise<void>;
}

export interface Operation {
  readonly name: string;
  /** `serial` is another number each time. */
  prepare(api: Api, ground: Ground, serial: number): Promise<Prepared>;
}

const said = (place: string, { status, body }: Answer): Error =>
  new Error(`${place}: ${status} ${JSON.stringify(body)}`);

/** The API for those who expect it to work. */
export class Api {
  readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  /** Make something; gives its id. */
  async make(collection: string, kind: string, body: object): Promise<string> {
    const answer = await this.ask('POST', collection, { [kind]: body });
    if (answer.status !== 201) throw said(collection, answer);
    return answer.body[kind].id;
  }

  /** Change something, or act on it. */
  async put(place: string, body: object): Promise<void> {
    const answer = await this.ask('PUT', place, body);
    if (answer.status !== 200) throw said(place, answer);
  }

  /** Whether something exists and is as `expected` says; lists in any order. */
  async is(place: string, kind: string, expected: object): Promise<boolean> {
    const { status, body } = await this.ask('GET', place);
    return status === 200 && contains(body[kind], expected);
  }

  /** Whether something does not exist. */
  async gone(place: string): Promise<boolean> {
    return (await this.ask('GET', place)).status === 404;
  }

  async list(collection: string, query: string): Promise<readonly { readonly id: string }[]> {
    const answer = await this.ask('GET', `${collection}?${query}`);
    if (answer.status !== 200) throw said(collection, answer);
    const [name = ''] = collection.split('/').slice(-1);
    return answer.body[name.replaceAll('-', '_')];
  }

  async count(collection: string, query: string): Promise<number> {
    return (await this.list(collection, query)).length;
  }

  /** Delete what a query finds. */
  async clear(collection: string, query: string): Promise<void> {
    for (const { id } of await this.list(collection, query)) {
      const answer = await this.ask('DELETE', `${collection}/${id}`);
      if (answer.status !== 204) throw said(`${collection}/${id}`, answer);
    }
  }
}

/** Whether a value of the API is as expected: objects may have more keys, lists are as long and in any order. */
export const contains = (found: unknown, expected: unknown): boolean => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return false;
    return expected.every((one) => found.some((other) => contains(other, one)));
  }
  if (typeof expected !== 'object' || expected === null) return found === expected;
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(expected).every(([key, value]) => contains(Reflect.get(found, key), value));
};

/** What a case is made with. */
export interface Stage {
  readonly api: Api;
  readonly ground: Ground;
  /** What the case makes bears it as name, or where there is none as description. */
  readonly name: string;
  readonly serial: number;
}

/** @param kinds what the case makes and is to remove */
export const operation = (
  name: string,
  kinds: readonly Kind[],
  begin: (one: Stage) => Promise<Omit<Prepared, 'clean'>>,
): Operation => ({
  name,
  async prepare(api, ground, serial) {
    const one = { api, ground, name: `case-${serial}`, serial };
    return { ...(await begin(one)), clean: () => sweep(one, kinds) };
  },
});

/** A small number for a case, each one of `count` before one comes again. */
export const turn = ({ serial }: Stage, count: number): number => serial % count;

/** A prefix of a case, from one of several second octets on. */
export const cidrOf = (one: Stage, first: number, second: number, seconds: number): string => {
  const place = turn(one, 250 * seconds);
  return `${first}.${second + Math.floor(place / 250)}.${place % 250}.0/24`;
};

/** A network and a subnet of their own for a case. */
export const makeSubnet = async (one: Stage) => {
  const { api, name } = one;
  const network = await api.make('networks', 'network', { name });
  const cidr = cidrOf(one, 10, 3, 40);
  const subnet = await api.make('subnets', 'subnet', { network_id: network, ip_version: 4, cidr, name });
  return { network, subnet, cidr };
};

export const portBody = ({ ground, name }: Stage): object => ({
  network_id: ground.network,
  name,
  security_groups: [ground.group],
});

export const makePort = (one: Stage, more: object = {}): Promise<string> =>
  one.api.make('ports', 'port', { ...portBody(one), ...more });

/** A machine's port on a host. */
export const onHost = (host: string) => ({
  device_owner: 'compute:x',
  device_id: 'machine',
  'binding:host_id': host,
});
