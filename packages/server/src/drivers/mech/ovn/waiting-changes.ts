import type { Reader } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import { keyOf, keyText, kindOrder, type OvnKey, type OvnKeyKind } from './key.ts';

/** Changes of one object that are committed in SQL and not known to be in OVN. */
export interface WaitingChange {
  readonly key: OvnKey;
  /** Oldest of them, ISO 8601. */
  readonly since: string;
  readonly changes: number;
  readonly attempts: number;
  readonly lastError: string | undefined;
}

/** The journal in three figures. */
export interface WaitingFigures {
  readonly objects: number;
  /** Oldest change, ISO 8601; undefined: nothing waits. */
  readonly since: string | undefined;
  /** Most failed attempts of one object. */
  readonly attempts: number;
}

/** Counted by the database, as the journal grows without bound while OVN is away. */
export async function waitingFigures(reader: Reader): Promise<WaitingFigures> {
  const objects = reader.query
    .selectFrom('journal')
    .select(({ fn }) => [fn.min('created_at').as('since'), fn.max('attempts').as('attempts')])
    .where('kind', 'in', [...kindOrder])
    .groupBy(['kind', 'id']);
  const found = await reader.query
    .selectFrom(objects.as('objects'))
    .select(({ fn }) => [
      fn.countAll<number>().as('objects'),
      fn.min('since').as('since'),
      fn.max('attempts').as('attempts'),
    ])
    .executeTakeFirstOrThrow();
  return {
    objects: Number(found.objects),
    since: found.since ?? undefined,
    attempts: Number(found.attempts ?? 0),
  };
}

/** What the journal holds, oldest first. */
export async function waitingChanges(reader: Reader): Promise<readonly WaitingChange[]> {
  const rows = await reader.query
    .selectFrom('journal')
    .select(({ fn }) => [
      'kind',
      'id',
      fn.min('created_at').as('since'),
      fn.countAll<number>().as('changes'),
      fn.max('attempts').as('attempts'),
      fn.max('last_error').as('last_error'),
    ])
    .where('kind', 'in', [...kindOrder])
    .groupBy(['kind', 'id'])
    .orderBy(({ fn }) => fn.min('seq'))
    .execute();
  return rows.flatMap(({ kind, id, since, changes, attempts, last_error }) => {
    const key = keyOf(kind, id);
    if (key === undefined) return [];
    return [
      {
        key,
        since,
        changes: Number(changes),
        attempts: Number(attempts),
        lastError: last_error ?? undefined,
      },
    ];
  });
}

/** Tables whose rows say when an object of the kind changed. */
const tables = {
  address_group: 'address_groups',
  network: 'networks',
  subnet: 'subnets',
  security_group: 'security_groups',
  port: 'ports',
  router: 'routers',
  floatingip: 'floating_ips',
  // These are about a network as a whole.
  dns: 'networks',
  external_ports: 'networks',
} as const satisfies { readonly [K in Exclude<OvnKeyKind, 'global' | 'log_meter' | 'drop_group'>]: string };

const hasTable = (kind: OvnKeyKind): kind is keyof typeof tables => Object.hasOwn(tables, kind);

/**
 * Since when OVN may differ from SQL in what these keys stand for, ISO 8601 by {@link keyText}: the oldest change that
 * waits, or else the last change of the object. An object that is gone and of which nothing waits has no time.
 */
export async function lastChanges(
  reader: Reader,
  keys: readonly OvnKey[],
): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, string>();
  for (const [kind, some] of Map.groupBy(keys, (key) => key.kind)) {
    if (!hasTable(kind)) continue;
    const rows = await reader.query
      .selectFrom(tables[kind])
      .select(['id', 'updated_at'])
      .where('id', 'in', eachOf(some.map(({ id }) => id)))
      .execute();
    for (const { id, updated_at } of rows) times.set(keyText({ kind, id }), updated_at);
  }
  for (const { key, since } of await waitingChanges(reader)) times.set(keyText(key), since);
  return times;
}
