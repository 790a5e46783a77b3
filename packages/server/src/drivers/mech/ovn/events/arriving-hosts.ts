import type { SouthboundClient } from '../databases.ts';
import type { Election } from '../election.ts';

/**
 * Tell, in one process of all, of hosts whose controller appears in the Southbound database, until disposed: of every host
 * when this process is elected, as the one before it may have missed some.
 */
export const watchArrivingHosts = (
  {
    election,
    southbound,
  }: { readonly election: Pick<Election, 'onChange'>; readonly southbound: SouthboundClient },
  arrived: (hosts: readonly string[]) => void,
): Disposable => {
  const watching = new DisposableStack();
  let elected = false;
  watching.use(
    election.onChange((owned) => {
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
