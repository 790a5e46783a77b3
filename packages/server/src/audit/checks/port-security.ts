import { resource, type SqlCheck, sqlCheck } from '../check.ts';

/** Owners of the service itself; what they send is not held against addresses. */
const SYSTEM = 'network:%';
const SPOOFING = { pillar: 693, cwe: 290 } as const;

export const portWithoutSecurity: SqlCheck = sqlCheck({
  ...SPOOFING,
  id: 'port-without-security',
  title: 'A port may send from any address, and no security group holds',
  severity: 'medium',
  remedy:
    'openstack port set --enable-port-security, with allowed address pairs for the addresses that it needs besides its own.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('ports')
      .select(['id', 'name', 'project_id', 'device_owner', 'network_id'])
      .where('port_security_enabled', '=', 0)
      .where('device_owner', 'not like', SYSTEM)
      .execute();
    return rows.map(({ id, name, project_id, device_owner, network_id }) => ({
      subject: resource('port', id, name),
      evidence: `of project ${project_id} on network ${network_id}, owner '${device_owner}'`,
    }));
  },
});

export const networkWithoutSecurity: SqlCheck = sqlCheck({
  ...SPOOFING,
  id: 'network-without-security',
  title: 'New ports of a network may send from any address',
  severity: 'medium',
  remedy: 'openstack network set --enable-port-security, and look at its ports.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('networks')
      .select(['id', 'name', 'project_id'])
      .where('port_security_enabled', '=', 0)
      .execute();
    return rows.map(({ id, name, project_id }) => ({
      subject: resource('network', id, name),
      evidence: `of project ${project_id}`,
    }));
  },
});

// OVN's own flows let router advertisements past every ACL (docs/security.md), so that nothing but separate networks helps.
export const advertisementUnguarded: SqlCheck = sqlCheck({
  ...SPOOFING,
  id: 'router-advertisement-unguarded',
  title: 'Machines of several projects may send each other router advertisements',
  severity: 'medium',
  remedy:
    'Give each project a network of its own for IPv6; or let the machines there take routes from no advertisement (accept_ra 0).',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('ports as p')
      .innerJoin('networks as n', 'n.id', 'p.network_id')
      .select(({ fn }) => ['n.id', 'n.name', fn.count<string>('p.project_id').distinct().as('projects')])
      .where('p.device_owner', 'not like', SYSTEM)
      .where(
        'p.id',
        'in',
        query.selectFrom('ip_allocations').select('port_id').where('ip_address', 'like', '%:%'),
      )
      .groupBy(['n.id', 'n.name'])
      .having(({ fn }) => fn.count('p.project_id').distinct(), '>', 1)
      .execute();
    return rows.map(({ id, name, projects }) => ({
      subject: resource('network', id, name),
      evidence: `ports of ${projects} projects have IPv6 addresses there`,
    }));
  },
});
