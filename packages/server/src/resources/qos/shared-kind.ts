import { QosPolicyNotFound } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';

/** Projects whose ports, networks, floating IPs or routers have the policy. */
export const projectsUsingPolicy = async (reader: Reader, id: string): Promise<ReadonlySet<string>> => {
  const ports = await reader.query
    .selectFrom('qos_port_policies as used')
    .innerJoin('ports', 'ports.id', 'used.port_id')
    .select('ports.project_id')
    .distinct()
    .where('used.qos_policy_id', '=', id)
    .execute();
  const networks = await reader.query
    .selectFrom('qos_network_policies as used')
    .innerJoin('networks', 'networks.id', 'used.network_id')
    .select('networks.project_id')
    .distinct()
    .where('used.qos_policy_id', '=', id)
    .execute();
  const floatingIps = await reader.query
    .selectFrom('floating_ips')
    .select('project_id')
    .distinct()
    .where('qos_policy_id', '=', id)
    .execute();
  const routers = await reader.query
    .selectFrom('router_ports as used')
    .innerJoin('routers', 'routers.id', 'used.router_id')
    .select('routers.project_id')
    .distinct()
    .where('used.qos_policy_id', '=', id)
    .execute();
  return new Set([...ports, ...networks, ...floatingIps, ...routers].map((row) => row.project_id));
};

/** QoS policies as objects of entries: used by ports, networks, floating IPs and routers. */
export const qosPolicySharing: SharedKind = {
  type: 'qos_policy',
  actions: ['access_as_shared'],
  notFound: (id) => QosPolicyNotFound({ id }),
  owner: ownerIn('qos_policies'),
  users: (reader, id) => projectsUsingPolicy(reader, id),
  strict: true,
};
