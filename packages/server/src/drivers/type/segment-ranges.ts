import type { Transaction } from '../../db/database.ts';
import { type Given, prepared } from '../../db/query/prepared.ts';
import type { IdRange } from '../../ml2/contract.ts';
import { disjointRanges, withoutRanges } from './id-range.ts';
import { type Random, reserveFreeId } from './segment-pool.ts';

/** Ranges that administrators made; those of the configuration are known without asking. */
const rangesOf = prepared((query, given: Given<{ type: string }>) =>
  query
    .selectFrom('network_segment_ranges')
    .select(['physical_network', 'minimum', 'maximum', 'shared', 'project_id'])
    .where('network_type', '=', given.one('type'))
    .where('is_default', '=', 0)
    .orderBy('minimum'),
);

type Row = Awaited<ReturnType<typeof rangesOf>>[number];

/** Which id is wanted. */
export interface FreeIdRequest {
  readonly networkType: string;
  /** Ranges of the configuration, by physical network; `''` stands for none. */
  readonly configured: ReadonlyMap<string, readonly IdRange[]>;
  /** undefined: any; of types without: left out. */
  readonly physicalNetwork?: string | undefined;
  readonly projectId: string | undefined;
}

export interface FreeId {
  readonly physicalNetwork: string;
  readonly segmentationId: number;
}

const idRanges = (rows: readonly Row[]): readonly IdRange[] =>
  disjointRanges(rows.map(({ minimum, maximum }) => ({ min: minimum, max: maximum })));

/** Ids on one physical network: those set aside for the project, then those for all that no such range holds. */
const tiersOf = (
  configured: readonly IdRange[],
  rows: readonly Row[],
  projectId: string | undefined,
): readonly [own: readonly IdRange[], common: readonly IdRange[]] => {
  const reserved = rows.filter((row) => row.shared === 0);
  return [
    idRanges(reserved.filter((row) => row.project_id === projectId)),
    withoutRanges(disjointRanges([...configured, ...idRanges(rows)]), idRanges(reserved)),
  ];
};

/** Whether an administrator made a range on this physical network. */
export const hasRanges = async (
  tx: Transaction,
  networkType: string,
  physicalNetwork: string,
): Promise<boolean> =>
  (await rangesOf(tx, { type: networkType })).some((row) => row.physical_network === physicalNetwork);

/**
 * Take a free id for a project: from ranges set aside for it while they last, then from those for all.
 *
 * @returns undefined when none is left
 */
export const reserveForProject = async (
  tx: Transaction,
  request: FreeIdRequest,
  random: Random,
): Promise<FreeId | undefined> => {
  const { networkType, configured, physicalNetwork, projectId } = request;
  const rows = await rangesOf(tx, { type: networkType });
  const places =
    physicalNetwork === undefined
      ? [...new Set([...configured.keys(), ...rows.map((row) => row.physical_network)])]
      : [physicalNetwork];
  const tiers = places.map((place) => {
    const onIt = rows.filter((row) => row.physical_network === place);
    return { place, ranges: tiersOf(configured.get(place) ?? [], onIt, projectId) };
  });
  for (const tier of [0, 1] as const) {
    for (const { place, ranges } of tiers) {
      const key = { networkType, physicalNetwork: place };
      const segmentationId = await reserveFreeId(tx, key, ranges[tier], random);
      if (segmentationId !== undefined) return { physicalNetwork: place, segmentationId };
    }
  }
  return undefined;
};
