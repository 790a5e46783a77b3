import { externalChassisUuid, externalGroupName, externalGroupUuid } from '../ids.ts';
import type { ExternalPortsState } from '../state.ts';
import { combined, type Desired, desiredRow, stringMap } from './row.ts';

const group = (
  state: ExternalPortsState,
  portId: string,
  chassis: ExternalPortsState['groups'][number]['chassis'],
): Desired => {
  const parent = externalGroupUuid(state.networkId, portId);
  const rows = chassis.map(({ name, priority }) =>
    desiredRow('HA_Chassis', externalChassisUuid(state.networkId, portId, name), {
      chassis_name: name,
      priority,
    }),
  );
  const own = desiredRow('HA_Chassis_Group', parent, {
    name: externalGroupName(state.networkId, portId),
    external_ids: stringMap({
      'neutron:availability_zone_hints': state.availabilityZoneHints.join(','),
      'neutron:network_id': state.networkId,
      'neutron:router_id': state.routerId,
    }),
  });
  return {
    rows: [own, ...rows],
    members: rows.map((row) => ({
      column: 'HA_Chassis_Group.ha_chassis' as const,
      parent,
      element: row.uuid ?? '',
    })),
  };
};

/** Chassis that answer for the external ports of a network → HA_Chassis_Group, one for all or one for each port. */
export const desiredExternalPorts = (state: ExternalPortsState): Desired =>
  combined(state.groups.map(({ portId, chassis }) => group(state, portId, chassis)));
