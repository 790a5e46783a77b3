import type { Reader } from '../../db/database.ts';
import { type Found, resource, type Severity, type SqlCheck, sqlCheck } from '../check.ts';
import {
  allRules,
  isFromWorld,
  originText,
  type RuleReach,
  templateRules,
  worldAddressGroups,
} from '../rules.ts';
import { sensitiveServices } from '../sensitive-ports.ts';

/** Names that fit into one sentence. */
const SHOWN = 8;

interface UsedGroup {
  readonly name: string;
  readonly ports: number;
}

const groupsById = async ({ query }: Reader): Promise<ReadonlyMap<string, UsedGroup>> => {
  const names = await query.selectFrom('security_groups').select(['id', 'name']).execute();
  const uses = await query
    .selectFrom('port_security_groups')
    .select(({ fn }) => ['security_group_id', fn.countAll<number>().as('ports')])
    .groupBy('security_group_id')
    .execute();
  const ports = new Map(uses.map((use) => [use.security_group_id, Number(use.ports)]));
  return new Map(names.map(({ id, name }) => [id, { name, ports: ports.get(id) ?? 0 }]));
};

const fromWorld = async (reader: Reader): Promise<readonly RuleReach[]> => {
  const worldGroups = await worldAddressGroups(reader);
  return (await allRules(reader)).filter((rule) => isFromWorld(rule, worldGroups));
};

/** One finding a group: nobody is at risk while no port uses it. */
const byGroup = async (
  reader: Reader,
  rules: readonly RuleReach[],
  severity: Severity,
  tell: (rules: readonly RuleReach[]) => string,
): Promise<readonly Found[]> => {
  if (rules.length === 0) return [];
  const groups = await groupsById(reader);
  return [...Map.groupBy(rules, ({ group }) => group)].map(([id, some]) => {
    const { name = '', ports = 0 } = groups.get(id) ?? {};
    const rest = `rule ${some
      .map((rule) => rule.id)
      .slice(0, SHOWN)
      .join(', ')}; ${ports} ports`;
    return {
      subject: resource('security_group', id, name),
      evidence: `${tell(some)}; ${rest}`,
      severity: ports > 0 ? severity : 'low',
    };
  });
};

const servicesOf = ({ protocol, min, max }: RuleReach): readonly string[] =>
  protocol === undefined ? [] : sensitiveServices(protocol, min, max);

const tellServices = (rules: readonly RuleReach[]): string => {
  const names = [...new Set(rules.flatMap(servicesOf))];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const origins = [...new Set(rules.map(originText))].join(', ');
  return `${names.slice(0, SHOWN).join(', ')}${more} open to ${origins}`;
};

const OPEN = { pillar: 284, cwe: 668, severity: 'high' } as const;
const REMEDY =
  'Let in only whom it is for: a prefix, an address group or another security group as the remote of the rule.';

export const groupOpenToWorld: SqlCheck = sqlCheck({
  ...OPEN,
  id: 'group-open-to-world',
  title: 'A security group lets everybody reach a sensitive service',
  remedy: REMEDY,
  async examine({ reader }) {
    const rules = (await fromWorld(reader)).filter((rule) => servicesOf(rule).length > 0);
    return byGroup(reader, rules, 'high', tellServices);
  },
});

export const groupPermitsAll: SqlCheck = sqlCheck({
  ...OPEN,
  id: 'group-permits-all',
  title: 'A security group lets everybody reach everything',
  remedy: REMEDY,
  async examine({ reader }) {
    const rules = (await fromWorld(reader)).filter(({ protocol }) => protocol === undefined);
    return byGroup(
      reader,
      rules,
      'high',
      (some) => `every protocol open to ${some.map(originText).join(', ')}`,
    );
  },
});

export const templateOpenToWorld: SqlCheck = sqlCheck({
  ...OPEN,
  id: 'template-open-to-world',
  title: 'New security groups let everybody in',
  remedy: 'Delete the default rule (openstack default security group rule delete) or give it a remote.',
  async examine({ reader }) {
    const worldGroups = await worldAddressGroups(reader);
    return (await templateRules(reader))
      .filter((rule) => isFromWorld(rule, worldGroups))
      .filter((rule) => rule.protocol === undefined || servicesOf(rule).length > 0)
      .map((rule) => ({
        subject: resource('default_security_group_rule', rule.id),
        evidence: `${servicesOf(rule).slice(0, SHOWN).join(', ') || 'every protocol'} open to ${originText(rule)}`,
      }));
  },
});
