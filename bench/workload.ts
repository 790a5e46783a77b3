import { type Client, idIn, idsIn } from './client.ts';
import { numbersTo, type Summary, timeEach } from './samples.ts';

/** How much is measured. */
export interface Effort {
  /** Operations of each kind, one by one. */
  readonly single: number;
  /** Creates by 16 clients at once. */
  readonly concurrent: number;
  readonly lists: number;
}

/** A resource that is measured. */
export interface Subject {
  readonly name: string;
  readonly path: string;
  readonly collection: string;
  nameOf(index: number): string;
  body(index: number): object;
}

export const CLIENTS = 16;
export const BULK = 100;
const PAGE = 1_000;

/** The network that ports are made on: room for 65,000. */
export const preparePlace = async (client: Client): Promise<{ networkId: string }> => {
  const network = await client.send('POST', '/v2.0/networks', { network: { name: 'bench' } });
  const networkId = idIn(network, 'network');
  const subnet = { network_id: networkId, cidr: '10.0.0.0/16', ip_version: 4 };
  await client.send('POST', '/v2.0/subnets', { subnet });
  return { networkId };
};

export const portSubject = (networkId: string): Subject => ({
  name: 'port',
  path: '/v2.0/ports',
  collection: 'ports',
  nameOf: (index) => `port-${index}`,
  body: (index) => ({ name: `port-${index}`, network_id: networkId }),
});

export const networkSubject: Subject = {
  name: 'network',
  path: '/v2.0/networks',
  collection: 'networks',
  nameOf: (index) => `network-${index}`,
  body: (index) => ({ name: `network-${index}` }),
};

/** Make `count` of them by one request; their ids. */
export const createBulk = async (
  client: Client,
  subject: Subject,
  count: number,
  first = 0,
): Promise<readonly string[]> => {
  const bodies = numbersTo(count).map((index) => subject.body(first + index));
  return idsIn(await client.send('POST', subject.path, { [subject.collection]: bodies }), subject.collection);
};

/** Make `count` more of them, in bulk. */
export const fill = async (client: Client, subject: Subject, count: number): Promise<void> => {
  for (let made = 0; made < count; made += BULK) {
    await createBulk(client, subject, Math.min(BULK, count - made), made);
  }
};

export const createOne = async (client: Client, subject: Subject, index: number): Promise<string> =>
  idIn(await client.send('POST', subject.path, { [subject.name]: subject.body(index) }), subject.name);

export type Figures = { readonly [operation: string]: Summary };

/** Processor time that the service has used so far, milliseconds. */
export type ProcessorClock = () => number;

/** Create, show, update, list and delete, one request after another, then creates by many clients. Leaves nothing. */
export const measure = async (
  client: Client,
  subject: Subject,
  effort: Effort,
  clock: ProcessorClock,
): Promise<Figures> => {
  const ids: string[] = [];
  const timed: typeof timeEach = async (items, width, action) => {
    const before = clock();
    const summary = await timeEach(items, width, action);
    return { ...summary, cpu: (clock() - before) / summary.count };
  };
  const each = (action: (id: string, index: number) => Promise<unknown>) =>
    timed([...ids.entries()], 1, ([index, id]) => action(id, index));
  const create = await timed(numbersTo(effort.single), 1, async (index) => {
    ids.push(await createOne(client, subject, index));
  });
  const show = await each((id) => client.read(`${subject.path}/${id}`));
  const update = await each((id, index) =>
    client.send('PUT', `${subject.path}/${id}`, { [subject.name]: { name: `renamed-${index}` } }),
  );
  const list = await timed(numbersTo(effort.lists), 1, () => client.read(`${subject.path}?limit=${PAGE}`));
  const remove = await each((id) => client.send('DELETE', `${subject.path}/${id}`));
  ids.length = 0;
  const together = await timed(numbersTo(effort.concurrent), CLIENTS, async (index) => {
    ids.push(await createOne(client, subject, index));
  });
  const removeTogether = await timed(ids, CLIENTS, (id) => client.send('DELETE', `${subject.path}/${id}`));
  return {
    create,
    show,
    update,
    list,
    delete: remove,
    [`create ×${CLIENTS}`]: together,
    [`delete ×${CLIENTS}`]: removeTogether,
  };
};

/** How many there are, counted by pages. */
export const countAll = async (client: Client, subject: Subject): Promise<number> => {
  let count = 0;
  let marker: string | undefined;
  for (;;) {
    const from: string = marker === undefined ? '' : `&marker=${marker}`;
    const page = idsIn(
      await client.send('GET', `${subject.path}?fields=id&limit=${PAGE}${from}`),
      subject.collection,
    );
    count += page.length;
    marker = page.at(-1);
    if (page.length < PAGE || marker === undefined) return count;
  }
};
