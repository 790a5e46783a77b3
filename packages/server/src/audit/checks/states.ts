import { sql } from 'kysely';
import { VIF_BINDING_FAILED } from '../../ml2/binding-state.ts';
import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

export const bindingFailed: SqlCheck = sqlCheck({
  id: 'binding-failed',
  pillar: 703,
  cwe: 755,
  title: 'A port could not be bound to its host',
  severity: 'medium',
  remedy:
    'Look at the chassis of the host and its bridge mappings (openstack network agent list), then bind the port again.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('port_bindings as b')
      .innerJoin('ports as p', 'p.id', 'b.port_id')
      .select(['p.id', 'p.name', 'b.host'])
      .where('b.vif_type', '=', VIF_BINDING_FAILED)
      .execute();
    return rows.map(({ id, name, host }) => ({
      subject: resource('port', id, name),
      evidence: `on host ${host}`,
    }));
  },
});

/** Tables with a status, and the API's name of their rows. */
const withStatus = [
  ['network', 'networks'],
  ['port', 'ports'],
  ['router', 'routers'],
  ['floatingip', 'floating_ips'],
  ['trunk', 'trunks'],
] as const;

export const statusError: SqlCheck = sqlCheck({
  id: 'status-error',
  pillar: 703,
  cwe: 755,
  title: 'An object is in state ERROR, and nobody has looked at it',
  severity: 'medium',
  remedy: 'Look for its id in the log, put the cause right, and update or delete the object.',
  async examine({ reader: { query } }) {
    const found: Found[] = [];
    for (const [kind, table] of withStatus) {
      const rows = await query
        .selectFrom(table)
        .select(['id', 'project_id'])
        .where('status', '=', 'ERROR')
        .execute();
      for (const { id, project_id } of rows)
        found.push({ subject: resource(kind, id), evidence: `of project ${project_id}` });
    }
    return found;
  },
});

export const adminStateAtOdds: SqlCheck = sqlCheck({
  id: 'admin-state-at-odds',
  pillar: 435,
  cwe: 435,
  title: 'Something is switched off that others rely on',
  severity: 'low',
  remedy: 'Switch it on, or switch off what relies on it.',
  async examine({ reader: { query } }) {
    const networks = await query
      .selectFrom('networks as n')
      .innerJoin('ports as p', 'p.network_id', 'n.id')
      .select(({ fn }) => ['n.id', 'n.name', fn.count<number>('p.id').as('ports')])
      .where('n.admin_state_up', '=', 0)
      .where('p.admin_state_up', '=', 1)
      .where('p.device_owner', 'like', 'compute:%')
      .groupBy(['n.id', 'n.name'])
      .execute();
    const routers = await query
      .selectFrom('routers as r')
      .innerJoin('floating_ips as f', 'f.router_id', 'r.id')
      .select(({ fn }) => ['r.id', 'r.name', fn.count<number>('f.id').as('floating')])
      .where('r.admin_state_up', '=', 0)
      .groupBy(['r.id', 'r.name'])
      .execute();
    return [
      ...networks.map(
        ({ id, name, ports }): Found => ({
          subject: resource('network', id, name),
          evidence: `switched off, with ${ports} ports of servers that are not`,
        }),
      ),
      ...routers.map(
        ({ id, name, floating }): Found => ({
          subject: resource('router', id, name),
          evidence: `switched off, with ${floating} floating IPs`,
        }),
      ),
    ];
  },
});

/** Tables with texts that clients choose, and the API's name of their rows. */
const withTexts = [
  ...withStatus,
  ['subnet', 'subnets'],
  ['security_group', 'security_groups'],
  ['address_group', 'address_groups'],
  ['subnetpool', 'subnetpools'],
  ['qos_policy', 'qos_policies'],
] as const;

const ESCAPE = '%\u001b%';
const SCRIPT = '%<script%';

export const textHostile: SqlCheck = sqlCheck({
  id: 'text-hostile',
  pillar: 707,
  cwe: 150,
  title: 'A name or description holds what terminals or browsers carry out',
  severity: 'low',
  remedy: 'Ask its project; ovenbird shows such texts harmlessly, other tools may not.',
  async examine({ reader: { query } }) {
    const found: Found[] = [];
    for (const [kind, table] of withTexts) {
      const columns =
        table === 'floating_ips' ? (['description'] as const) : (['name', 'description'] as const);
      const either = columns.flatMap((column) =>
        [ESCAPE, SCRIPT].map((pattern) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern}`),
      );
      const { rows } = await sql<{ id: string; project_id: string }>`
        select id, project_id from ${sql.table(table)} where ${sql.join(either, sql` or `)}`.execute(query);
      for (const { id, project_id } of rows)
        found.push({
          subject: resource(kind, id),
          evidence: `escape sequences or script in ${columns.join(' or ')}; of project ${project_id}`,
        });
    }
    return found;
  },
});
