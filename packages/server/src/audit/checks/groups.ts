import { resource, type SqlCheck, sqlCheck } from '../check.ts';
import { containedRules } from '../contained.ts';
import { allRules } from '../rules.ts';

export const ruleShadowed: SqlCheck = sqlCheck({
  id: 'rule-shadowed',
  pillar: 710,
  cwe: 561,
  title: 'A rule of a security group changes nothing: another one lets through all that it does',
  severity: 'low',
  remedy: 'Delete the rule that is meant less; a wide one often hides that a narrow one was intended.',
  async examine({ reader }) {
    const groups = Map.groupBy(await allRules(reader), ({ group }) => group);
    return [...groups].flatMap(([group, rules]) =>
      containedRules(rules).map(({ rule, within }) => ({
        subject: resource('security_group_rule', rule.id),
        evidence: `held by rule ${within.id} of the same group ${group}`,
      })),
    );
  },
});

export const groupUnused: SqlCheck = sqlCheck({
  id: 'group-unused',
  pillar: 664,
  cwe: 459,
  title: 'A security group is used by no port and named by no rule',
  severity: 'low',
  remedy: 'Delete it, unless it is kept for machines to come.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('security_groups as g')
      .select(['g.id', 'g.name', 'g.project_id'])
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('port_security_groups as p')
              .select('p.port_id')
              .whereRef('p.security_group_id', '=', 'g.id'),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('security_group_rules as r')
              .select('r.id')
              .whereRef('r.remote_group_id', '=', 'g.id')
              .whereRef('r.security_group_id', '<>', 'g.id'),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('default_security_groups as d')
              .select('d.project_id')
              .whereRef('d.security_group_id', '=', 'g.id'),
          ),
        ),
      )
      .execute();
    return rows.map(({ id, name, project_id }) => ({
      subject: resource('security_group', id, name),
      evidence: `of project ${project_id}`,
    }));
  },
});

export const groupWithoutRules: SqlCheck = sqlCheck({
  id: 'group-without-rules',
  pillar: 703,
  cwe: 754,
  title:
    'Ports use a security group that has no rule, and are cut off unless another group lets something through',
  severity: 'low',
  remedy: 'Give the group rules, or take it from the ports.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('security_groups as g')
      .innerJoin('port_security_groups as p', 'p.security_group_id', 'g.id')
      .select(({ fn }) => ['g.id', 'g.name', fn.count<number>('p.port_id').as('ports')])
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('security_group_rules as r')
              .select('r.id')
              .whereRef('r.security_group_id', '=', 'g.id'),
          ),
        ),
      )
      .groupBy(['g.id', 'g.name'])
      .execute();
    return rows.map(({ id, name, ports }) => ({
      subject: resource('security_group', id, name),
      evidence: `${ports} ports`,
    }));
  },
});
