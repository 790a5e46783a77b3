import type { Reader, Transaction } from '../db/database.ts';
import { type InsertEnd, insertCompiled } from '../db/query/insert.ts';
import { preparedByIds } from '../db/query/prepared.ts';

/**
 * What happens to a port until its machine can use it, in order: the request arrived; SQL had it; the Northbound database
 * had it; northd had taken it up; a chassis claimed it; its flows were installed; the API said ACTIVE; Nova was told.
 */
export const stages = [
  'requested',
  'stored',
  'northbound',
  'northd',
  'claimed',
  'up',
  'active',
  'notified',
] as const;
export type Stage = (typeof stages)[number];

/** Milliseconds since the epoch, as far as known. */
export type StageTimes = { readonly [S in Stage]?: number };

/** Stages that a port passes again whenever it is plugged anew. */
const pluggedAnew: ReadonlySet<Stage> = new Set(['claimed', 'up', 'active', 'notified']);

/** How far clocks of services may differ. Milliseconds. */
const CLOCKS_MS = 1_000;

/** Without what belongs to an earlier plug than the last one. */
const ofLastPlug = (times: StageTimes): StageTimes => {
  const { claimed } = times;
  if (claimed === undefined) return times;
  const entries = stages.flatMap((stage): [Stage, number][] => {
    const at = times[stage];
    const isOld = pluggedAnew.has(stage) && at !== undefined && at < claimed - CLOCKS_MS;
    return at === undefined || isOld ? [] : [[stage, at]];
  });
  return Object.fromEntries(entries);
};

/**
 * Times with one more. Of what happens once the first time counts; being claimed anew ends what came after, but not what has
 * only been heard of sooner than the claim, by another connection or another service.
 */
export const withStage = (times: StageTimes, stage: Stage, at: number): StageTimes => {
  if (!pluggedAnew.has(stage) && times[stage] !== undefined) return times;
  const next: { -readonly [S in Stage]?: number } = { ...times };
  next[stage] = at;
  return pluggedAnew.has(stage) ? ofLastPlug(next) : next;
};

/** What two processes know, together. */
export const together = (one: StageTimes, other: StageTimes): StageTimes => {
  const entries = stages.flatMap((stage): [Stage, number][] => {
    const known = [one[stage], other[stage]].filter((time) => time !== undefined);
    if (known.length === 0) return [];
    return [[stage, pluggedAnew.has(stage) ? Math.max(...known) : Math.min(...known)]];
  });
  return ofLastPlug(Object.fromEntries(entries));
};

/** One stage as the API shows it. Times in milliseconds: since the first stage that is known, and since the one before. */
export interface ShownStage {
  readonly name: Stage;
  readonly at: string;
  readonly milliseconds: number;
  readonly since_previous: number;
}

/** Known stages in order. */
export const shownStages = (times: StageTimes): readonly ShownStage[] => {
  const known = stages.flatMap((name) => {
    const at = times[name];
    return at === undefined ? [] : [{ name, at }];
  });
  const first = known[0]?.at ?? 0;
  return known.map(({ name, at }, index) => ({
    name,
    at: new Date(at).toISOString(),
    milliseconds: Math.max(0, at - first),
    since_previous: Math.max(0, at - (known[index - 1]?.at ?? at)),
  }));
};

const parsed = (text: string): StageTimes => JSON.parse(text);

const keptRows = preparedByIds((query, ids) =>
  query.selectFrom('port_timelines').select(['port_id', 'stages']).where('port_id', 'in', ids),
);

/** What is kept of these ports. */
export const keptTimelines = async (
  reader: Reader,
  portIds: readonly string[],
): Promise<ReadonlyMap<string, StageTimes>> => {
  const rows = await keptRows(reader, portIds);
  return new Map(rows.map((row) => [row.port_id, parsed(row.stages)]));
};

const livingRows = preparedByIds((query, ids) =>
  query
    .selectFrom('ports')
    .leftJoin('port_timelines', 'port_timelines.port_id', 'ports.id')
    .select(['ports.id', 'port_timelines.stages'])
    .where('ports.id', 'in', ids),
);

/** Rows of one statement, the largest first: any number is written by few statements, each of which is compiled once. */
const SHAPES = [64, 8, 1];

const overwriting: InsertEnd<'port_timelines', unknown> = {
  name: 'overwriting',
  build: (query) =>
    query.onConflict((conflict) =>
      conflict.column('port_id').doUpdateSet((eb) => ({ stages: eb.ref('excluded.stages') })),
    ),
};

/** Keep what this process knows of ports, beside what others do. Ports that are gone are passed over. */
export const keepTimelines = async (
  tx: Transaction,
  known: ReadonlyMap<string, StageTimes>,
): Promise<void> => {
  const living = await livingRows(tx, [...known.keys()]);
  const rows = living.map(({ id, stages: kept }) => ({
    port_id: id,
    stages: JSON.stringify(together(kept === null ? {} : parsed(kept), known.get(id) ?? {})),
  }));
  let from = 0;
  for (const size of SHAPES)
    for (; from + size <= rows.length; from += size)
      await insertCompiled(tx, 'port_timelines', rows.slice(from, from + size), overwriting);
};
