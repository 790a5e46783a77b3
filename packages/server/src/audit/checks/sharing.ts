import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

export const rbacWildcard: SqlCheck = sqlCheck({
  id: 'rbac-wildcard',
  pillar: 284,
  cwe: 732,
  title: 'An object is shared with every project, those to come included',
  severity: 'medium',
  remedy: 'Share it with the projects that need it: openstack network rbac create --target-project.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('rbac_entries')
      .select(['id', 'object_type', 'object_id', 'action', 'project_id'])
      .where('target_project', '=', '*')
      .where('action', '=', 'access_as_shared')
      .execute();
    return rows.map(({ id, object_type, object_id, project_id }) => ({
      subject: resource('rbac_policy', id),
      evidence: `${object_type} ${object_id} of project ${project_id}, target *`,
    }));
  },
});

export const externalNetworkShared: SqlCheck = sqlCheck({
  id: 'external-network-shared',
  pillar: 284,
  cwe: 668,
  title: 'Every project may put machines directly on an external network',
  severity: 'medium',
  remedy: 'openstack network set --no-share: routers and floating IPs need no sharing.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('networks as n')
      .innerJoin('rbac_entries as r', 'r.object_id', 'n.id')
      .select(['n.id', 'n.name'])
      .where('n.external', '=', 1)
      .where('r.object_type', '=', 'network')
      .where('r.action', '=', 'access_as_shared')
      .where('r.target_project', '=', '*')
      .execute();
    return rows.map(
      ({ id, name }): Found => ({
        subject: resource('network', id, name),
        evidence: 'router:external, and shared with *',
      }),
    );
  },
});
