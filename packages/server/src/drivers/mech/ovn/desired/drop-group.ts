import { aclUuid, dropGroupName, dropGroupUuid } from '../ids.ts';
import { type Desired, desiredRow } from './row.ts';

const DROP_PRIORITY = 1000;

const dropRow = (direction: 'to-lport' | 'from-lport', port: 'outport' | 'inport') => {
  const match = `${port} == @${dropGroupName} && ip`;
  return desiredRow('ACL', aclUuid(dropGroupName, direction, match), {
    direction,
    priority: DROP_PRIORITY,
    match,
    action: 'drop',
    log: false,
    name: undefined,
    severity: undefined,
    meter: undefined,
    external_ids: new Map(),
  });
};

/** The group of all filtered ports: what no rule allows is dropped. */
export function desiredDropGroup(): Desired {
  const acls = [dropRow('to-lport', 'outport'), dropRow('from-lport', 'inport')];
  return {
    rows: [
      desiredRow('Port_Group', dropGroupUuid, { name: dropGroupName, external_ids: new Map() }),
      ...acls,
    ],
    members: acls.map((row) => ({
      column: 'Port_Group.acls' as const,
      parent: dropGroupUuid,
      element: row.uuid ?? '',
    })),
  };
}
