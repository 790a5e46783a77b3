import { SecurityGroupNotFound } from '@ovenbird/api';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';

/** Security groups as objects of entries: used by ports, and as the far end of rules. */
export const securityGroupSharing: SharedKind = {
  type: 'security_group',
  actions: ['access_as_shared'],
  notFound: (id) => SecurityGroupNotFound({ id }),
  owner: ownerIn('security_groups'),
  async users(reader, id) {
    const ports = await reader.query
      .selectFrom('port_security_groups')
      .innerJoin('ports', 'ports.id', 'port_security_groups.port_id')
      .select('ports.project_id')
      .distinct()
      .where('port_security_groups.security_group_id', '=', id)
      .execute();
    const rules = await reader.query
      .selectFrom('security_group_rules')
      .select('project_id')
      .distinct()
      .where('remote_group_id', '=', id)
      .execute();
    return new Set([...ports, ...rules].map((row) => row.project_id));
  },
};
