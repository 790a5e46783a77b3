import type { Config } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Database } from '../db/database.ts';
import { openExistingDatabase } from '../db/open.ts';
import { Applier, type Outcome } from '../drivers/mech/ovn/apply.ts';
import { requireSchema } from '../drivers/mech/ovn/capabilities.ts';
import { ChassisRegistry } from '../drivers/mech/ovn/chassis.ts';
import {
  connectNorthbound,
  connectSouthbound,
  type NorthboundClient,
  type SouthboundClient,
} from '../drivers/mech/ovn/databases.ts';
import type { Drift } from '../drivers/mech/ovn/drift.ts';
import { fenceOf, lowerFence } from '../drivers/mech/ovn/fence.ts';
import { ovnConnections, ovnSettings } from '../drivers/mech/ovn/from-config.ts';
import { keyText, type OvnKey, type OvnKeyKind, orderedKeys } from '../drivers/mech/ovn/key.ts';
import { type Manner, ReplicaIncomplete, Resync } from '../drivers/mech/ovn/resync.ts';
import { createSnapshotLoader } from '../drivers/mech/ovn/snapshot/load.ts';
import { lastChanges, type WaitingChange, waitingChanges } from '../drivers/mech/ovn/waiting-changes.ts';

/** One finding, with the time since which SQL says what OVN does not; undefined: nobody knows. */
export interface DatedDrift extends Drift {
  readonly since: string | undefined;
}

/** What a repair came to. */
export interface Repair {
  readonly keys: number;
  readonly failed: readonly { readonly key: OvnKey; readonly reason: string }[];
  readonly outcome: Outcome;
}

/** OVN's content against SQL's, beside a running service or without one. */
export interface OvnTools extends AsyncDisposable {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  /** Everything in which OVN is not what SQL says. Touches nothing. Throws ReplicaIncomplete. */
  diff(manner?: Manner): Promise<readonly DatedDrift[]>;
  /** Make right what was found, in transactions of at most `REPAIR_KEYS` keys, each worked out anew. */
  repair(found: readonly Drift[], progress?: (done: number, all: number) => void): Promise<Repair>;
}

/** Keys that share a transaction of a repair. */
const REPAIR_KEYS = 200;

const dated = async (database: Database, found: readonly Drift[]): Promise<readonly DatedDrift[]> => {
  if (found.length === 0) return [];
  const times = await database.read((reader) =>
    lastChanges(reader, orderedKeys(found.map(({ key }) => key))),
  );
  return found.map((each) => ({ ...each, since: times.get(keyText(each.key)) }));
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const repairWith = async (
  applier: Applier,
  failures: Map<string, unknown>,
  found: readonly Drift[],
  progress?: (done: number, all: number) => void,
): Promise<Repair> => {
  const keys = orderedKeys(found.map(({ key }) => key));
  let worst: Outcome = 'applied';
  for (let start = 0; start < keys.length; start += REPAIR_KEYS) {
    const outcome = await applier.apply(keys.slice(start, start + REPAIR_KEYS), true);
    if (outcome === 'postponed') throw new ReplicaIncomplete();
    if (outcome !== 'applied') worst = outcome;
    progress?.(Math.min(keys.length, start + REPAIR_KEYS), keys.length);
  }
  const failed = keys.flatMap((key) => {
    const text = keyText(key);
    return failures.has(text) ? [{ key, reason: reasonOf(failures.get(text)) }] : [];
  });
  return { keys: keys.length, failed, outcome: worst };
};

const withoutFence = async (northbound: NorthboundClient): Promise<void> => {
  if (northbound.state !== 'ready' || fenceOf(northbound.replica) === undefined) return;
  // What is left behind costs a little time and is right nevertheless.
  await northbound.transact([lowerFence(northbound.operations)]).catch(() => {});
};

/**
 * Connect to the databases of a configuration. The schema of SQL is left as it is.
 *
 * @param patience milliseconds to wait for complete replicas. Throws ReplicaIncomplete when that is not enough, and
 * what `openExistingDatabase` throws
 */
export const openOvnTools = async (config: Config, logger: Logger, patience: number): Promise<OvnTools> => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openExistingDatabase(config.database));
  const connections = ovnConnections(config);
  const northbound = stack.use(connectNorthbound(connections.northbound));
  const southbound = stack.use(connectSouthbound(connections.southbound));
  const settings = await ovnSettings(config);
  const { agentDownTime } = settings;
  const chassis = stack.use(
    new ChassisRegistry({ northbound, southbound, clock: systemClock, agentDownTime }),
  );
  try {
    const signal = AbortSignal.timeout(patience);
    await Promise.all([northbound.ready(signal), southbound.ready(signal)]);
  } catch {
    throw new ReplicaIncomplete();
  }
  if (northbound.serverSchema !== undefined) requireSchema(northbound.serverSchema);
  const loader = createSnapshotLoader((serialNumber) => chassis.hostOfCard(serialNumber));
  // Where nobody else may write beside the service, it need not look out for others when the tool is gone.
  if (!database.traits.concurrentWriters) stack.defer(() => withoutFence(northbound));
  const failures = new Map<string, unknown>();
  const common = { northbound, database, loader, settings, logger };
  const applier = stack.use(
    new Applier({
      ...common,
      // Rows of the journal are left to the service, which finds them carried out.
      onApplied: () => {},
      onFailed: (key, error) => failures.set(keyText(key), error),
      // The service may run.
      shared: true,
    }),
  );
  const resync = new Resync({ ...common, applier });
  const owned = stack.move();
  return {
    northbound,
    southbound,
    diff: async (manner) => dated(database, await resync.drift(manner)),
    repair: (found, progress) => repairWith(applier, failures, found, progress),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
};

/** What is committed in SQL and not known to be in OVN, oldest first. Asks SQL only. */
export const readJournal = async (config: Config): Promise<readonly WaitingChange[]> => {
  await using database = await openExistingDatabase(config.database);
  return await database.read(waitingChanges);
};

export { kindOrder as ovnKeyKinds } from '../drivers/mech/ovn/key.ts';
export type { OvnKey, OvnKeyKind, WaitingChange };
