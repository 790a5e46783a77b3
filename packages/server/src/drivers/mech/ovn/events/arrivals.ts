import type { SouthboundTables } from '@ovenbird/ovn-db';
import type { SouthboundClient } from '../databases.ts';

type Binding = Pick<SouthboundTables['Port_Binding'], 'additional_chassis'>;

// Servers before OVN 22.06 lack the column.
const hasArrived = (row: Partial<Binding>): boolean => (row.additional_chassis?.size ?? 0) > 0;

/** Ports that the host of their destination carries, besides the one that they are leaving. */
export const arrivedPorts = (southbound: SouthboundClient): readonly string[] =>
  [...southbound.replica.Port_Binding.rows()].filter(hasArrived).map((row) => row.logical_port);

/** Tell of ports that arrive at another host, at every (re)connect of all that have, until disposed. */
export const watchArrivals = (
  southbound: SouthboundClient,
  arrived: (portIds: readonly string[]) => void,
): Disposable =>
  southbound.onBatch(({ changes }) => {
    const ids = changes.flatMap((change) =>
      change.table === 'Port_Binding' &&
      change.kind !== 'delete' &&
      change.columns.has('additional_chassis') &&
      hasArrived(change.row)
        ? [change.row.logical_port]
        : [],
    );
    if (ids.length > 0) arrived(ids);
  });
