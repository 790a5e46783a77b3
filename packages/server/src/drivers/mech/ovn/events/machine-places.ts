import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { Southbound, SouthboundClient } from '../databases.ts';

type Asked = Pick<NorthboundTables['Logical_Switch_Port'], 'name' | 'options'>;

/** Chassis that carry a machine's port, by name and by host; undefined: nothing is known of it. */
const carriers = (port: string, { Port_Binding: bindings, Chassis: chassis }: Southbound) => {
  const [binding] = bindings.find('port', port);
  if (binding === undefined) return undefined;
  const claimed = [binding.chassis ?? [], ...(binding.additional_chassis ?? [])].flat();
  return new Set(
    claimed.map((uuid) => chassis.get(uuid)).flatMap((row) => (row ? [row.name, row.hostname] : [])),
  );
};

/**
 * Whether one of the hosts that a port's row asks for has claimed it, or any where it asks for none. northd may still say that a
 * port is up which the host that it leaves has only just let go.
 */
export const isWhereAsked = ({ name, options }: Asked, sb: Southbound): boolean => {
  const there = carriers(name, sb);
  if (there === undefined) return true;
  const asked = options.get('requested-chassis') ?? '';
  return asked === '' ? there.size > 0 : asked.split(',').some((host) => there.has(host));
};

/** Tell of machines' ports that chassis claim, until disposed. */
export const watchClaims = (
  southbound: SouthboundClient,
  claimed: (portIds: readonly string[]) => void,
): Disposable =>
  southbound.onBatch(({ initial, changes }) => {
    if (initial) return;
    const ids = changes.flatMap((change) =>
      change.table === 'Port_Binding' &&
      change.kind !== 'delete' &&
      change.columns.has('chassis') &&
      change.row.chassis !== undefined
        ? [change.row.logical_port]
        : [],
    );
    if (ids.length > 0) claimed(ids);
  });
