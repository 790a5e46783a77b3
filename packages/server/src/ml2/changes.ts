import type { Transaction } from '../db/database.ts';
import type { ChangeRecorder } from './change-recorder.ts';
import type { Change, MechanismDriver } from './contract.ts';

/** What a committed write did, and the way to tell the drivers. */
export interface Changes {
  readonly all: readonly Change[];
  /** Both, as one: several writes of one request reach the drivers together. */
  followedBy(later: Changes): Changes;
  /** Tell the drivers. Resolves when all were told; their failures are logged and are nobody else's. */
  postcommit(): Promise<void>;
}

/** A recorder for one transaction. */
export interface TransactionChanges extends ChangeRecorder {
  /** Ask the drivers, in order and inside the transaction. What a driver throws is the veto. */
  precommit(): Promise<void>;
  /** Take what was recorded; call it after the commit. */
  committed(): Changes;
}

/** Told of what a driver failed to do after the commit. */
export type PostcommitFailed = (driver: string, changes: readonly Change[], error: unknown) => void;

const identity = (change: Change): string => `${change.kind} ${change.id}`;

/** The one change that has the effect of `first` and then `second`; undefined: no effect; 'both': not one change. */
const combined = (first: Change, second: Change): Change | undefined | 'both' => {
  if (first.action === 'create' && second.action === 'delete') return undefined;
  if (first.action === 'create' && second.action === 'update') {
    return { ...first, current: second.current } as Change;
  }
  if (first.action === 'update' && second.action === 'update') {
    return { ...second, original: first.original } as Change;
  }
  if (first.action === 'update' && second.action === 'delete') {
    return { ...second, original: first.original } as Change;
  }
  return 'both';
};

/**
 * The same effect with at most one change an object, in order of first mention: a port that is made and then bound is
 * one creation, an object that comes and goes is nothing.
 */
export const coalesce = (changes: readonly Change[]): readonly Change[] => {
  const latest = new Map<string, Change>();
  const kept: Change[] = [];
  for (const change of changes) {
    const earlier = latest.get(identity(change));
    const together = earlier === undefined ? 'both' : combined(earlier, change);
    if (together === 'both') {
      latest.delete(identity(change));
      if (earlier !== undefined) kept.push(earlier);
      latest.set(identity(change), change);
    } else if (together === undefined) {
      latest.delete(identity(change));
    } else {
      latest.set(identity(change), together);
    }
  }
  return [...kept, ...latest.values()];
};

/** Deleted ports leave the drivers in reverse order: the last to hear of a port is the first to forget it. */
const isPortDelete = (change: Change): boolean => change.kind === 'port' && change.action === 'delete';

const tell = async (
  drivers: readonly MechanismDriver[],
  changes: readonly Change[],
  failed: PostcommitFailed,
): Promise<void> => {
  if (changes.length === 0) return;
  for (const driver of drivers) {
    try {
      await driver.postcommit?.(changes);
    } catch (error) {
      failed(driver.name, changes, error);
    }
  }
};

const createChanges = (
  recorded: readonly Change[],
  drivers: readonly MechanismDriver[],
  failed: PostcommitFailed,
): Changes => ({
  all: recorded,
  followedBy: (later) => createChanges(coalesce([...recorded, ...later.all]), drivers, failed),
  async postcommit() {
    // With one driver the order among drivers means nothing, and all changes can share one conversation with it.
    if (drivers.length === 1) return tell(drivers, recorded, failed);
    await tell(drivers.toReversed(), recorded.filter(isPortDelete), failed);
    await tell(
      drivers,
      recorded.filter((change) => !isPortDelete(change)),
      failed,
    );
  },
});

/** @param drivers in configured order */
export const createTransactionChanges = (
  drivers: readonly MechanismDriver[],
  tx: Transaction,
  failed: PostcommitFailed,
): TransactionChanges => {
  const recorded: Change[] = [];
  let effect: readonly Change[] | undefined;
  return {
    record(change) {
      if (effect !== undefined) throw new Error(`change of ${identity(change)} recorded after precommit`);
      recorded.push(change);
    },
    async precommit() {
      effect = coalesce(recorded);
      if (effect.length === 0) return;
      for (const driver of drivers) await driver.precommit?.(effect, tx);
    },
    committed() {
      if (effect === undefined) throw new Error('changes taken before precommit');
      return createChanges(effect, drivers, failed);
    },
  };
};
