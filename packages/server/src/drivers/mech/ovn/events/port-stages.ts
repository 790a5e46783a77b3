import type { NorthboundTables, SouthboundTables } from '@ovenbird/ovn-db';
import type { ChangeBatch } from '@ovenbird/ovsdb';
import type { NorthboundClient, SouthboundClient } from '../databases.ts';

/** What OVN's databases tell of a port's way. */
export type OvnStage = 'northbound' | 'northd' | 'claimed' | 'up';

/**
 * Type of a machine's port. Its chassis writes both that it claimed the port and that it is up into the Southbound
 * database, which tells them in that order. Of other ports only northd tells that they are up.
 */
const MACHINE = '';

const inNorthbound = (
  { initial, changes }: ChangeBatch<NorthboundTables>,
  passed: (portId: string, stage: OvnStage) => void,
): void => {
  if (initial) return;
  for (const change of changes) {
    if (change.table !== 'Logical_Switch_Port' || change.kind === 'delete') continue;
    const { name, type, up, external_ids: marks } = change.row;
    if (!marks.has('neutron:port_name')) continue;
    if (change.kind === 'insert') passed(name, 'northbound');
    if (!change.columns.has('up') || up === undefined) continue;
    // northd writes it for the first time when it takes the port up.
    passed(name, 'northd');
    if (type !== MACHINE && up) passed(name, 'up');
  }
};

const inSouthbound = (
  { initial, changes }: ChangeBatch<SouthboundTables>,
  passed: (portId: string, stage: OvnStage) => void,
): void => {
  if (initial) return;
  for (const change of changes) {
    if (change.table !== 'Port_Binding' || change.kind === 'delete') continue;
    const { logical_port: port, type, chassis, up } = change.row;
    if (type !== MACHINE) continue;
    if (change.columns.has('chassis') && chassis !== undefined) passed(port, 'claimed');
    if (change.columns.has('up') && up === true) passed(port, 'up');
  }
};

/** Tell of every stage that a port passes from now on, also of ports that are not ours, until disposed. */
export const watchPortStages = (
  clients: { readonly northbound: NorthboundClient; readonly southbound: SouthboundClient },
  passed: (portId: string, stage: OvnStage) => void,
): Disposable => {
  const watching = new DisposableStack();
  watching.use(clients.northbound.onBatch((batch) => inNorthbound(batch, passed)));
  watching.use(clients.southbound.onBatch((batch) => inSouthbound(batch, passed)));
  return watching;
};
