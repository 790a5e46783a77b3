import type { NorthboundClient, SouthboundClient } from '../databases.ts';

/** Of all processes on one Northbound database the one that has this lock sees to hosts that arrive. */
const LOCK = 'ovenbird_bindings';

/**
 * Tell, in one process of all, of hosts whose controller appears in the Southbound database, until disposed: of every host
 * when this process is elected, as the one before it may have missed some.
 */
export const watchArrivingHosts = (
  {
    northbound,
    southbound,
  }: { readonly northbound: NorthboundClient; readonly southbound: SouthboundClient },
  arrived: (hosts: readonly string[]) => void,
): Disposable => {
  const watching = new DisposableStack();
  let elected = false;
  watching.use(
    northbound.lock(LOCK, (owned) => {
      elected = owned;
      if (owned) arrived([...southbound.replica.Chassis.rows()].map((row) => row.hostname));
    }),
  );
  watching.use(
    southbound.onBatch(({ changes }) => {
      if (!elected) return;
      arrived(
        changes.flatMap((change) =>
          change.table === 'Chassis' && change.kind === 'insert' ? [change.row.hostname] : [],
        ),
      );
    }),
  );
  return watching;
};
