import type { NorthboundClient, SouthboundClient } from './databases.ts';

interface Clients {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
}

export interface RowCount {
  readonly database: 'northbound' | 'southbound';
  readonly table: string;
  readonly rows: number;
}

/** Rows of each table that is kept. */
export const rowCounts = ({ northbound, southbound }: Clients): readonly RowCount[] => [
  ...Object.entries(northbound.replica).map(
    ([table, { size }]): RowCount => ({ database: 'northbound', table, rows: size }),
  ),
  ...Object.entries(southbound.replica).map(
    ([table, { size }]): RowCount => ({ database: 'southbound', table, rows: size }),
  ),
];

/** How many configurations (`nb_cfg`) those behind the Northbound database have yet to carry out. */
export interface Lag {
  /** undefined: there is no Northbound replica, and nothing is known of chassis either. */
  readonly northd: number | undefined;
  readonly chassis: readonly { readonly chassis: string; readonly host: string; readonly lag: number }[];
}

export const southboundLag = ({ northbound, southbound }: Clients): Lag => {
  const [global] = northbound.replica.NB_Global.rows();
  if (global === undefined) return { northd: undefined, chassis: [] };
  const wanted = global.nb_cfg;
  const chassis = [...southbound.replica.Chassis_Private.rows()].map(({ name, nb_cfg: done }) => ({
    chassis: name,
    host: southbound.replica.Chassis.find('name', name)[0]?.hostname ?? '',
    lag: Math.max(0, wanted - done),
  }));
  return { northd: Math.max(0, wanted - global.sb_cfg), chassis };
};

/** Milliseconds for one answer; longer is none. */
const PATIENCE_MS = 1_000;

const timed = async (ask: () => Promise<unknown>): Promise<number | undefined> => {
  const began = performance.now();
  try {
    await ask();
    return performance.now() - began;
  } catch {
    return undefined;
  }
};

/** Milliseconds until each server answers a question that costs it nothing; undefined: it does not. */
export const roundTrips = async ({
  northbound,
  southbound,
}: Clients): Promise<{ readonly [database in RowCount['database']]: number | undefined }> => {
  const limit = { timeoutMs: PATIENCE_MS };
  const [nb, sb] = await Promise.all([
    timed(() => northbound.transact([northbound.operations.select('NB_Global', [], ['nb_cfg'])], limit)),
    timed(() => southbound.transact([southbound.operations.select('SB_Global', [], ['nb_cfg'])], limit)),
  ]);
  return { northbound: nb, southbound: sb };
};
