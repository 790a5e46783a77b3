import { aclUuid, portGroupName, portGroupUuid } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { RuleState, SecurityGroupState } from '../state.ts';
import { aclLog, logFor, logMeter } from './acl-log.ts';
import { aclMatch } from './acl-match.ts';
import { type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

const RULE_PRIORITY = 1002;
const DROP_PRIORITY = 1001;

function ruleRow(group: SecurityGroupState, rule: RuleState, settings: OvnSettings): DesiredRow<'ACL'> {
  const match = aclMatch(group.id, rule);
  const direction = rule.direction === 'ingress' ? 'to-lport' : 'from-lport';
  const uuid = aclUuid(group.id, direction, match);
  return desiredRow('ACL', uuid, {
    direction,
    priority: RULE_PRIORITY,
    match,
    action: group.stateful ? 'allow-related' : 'allow-stateless',
    ...aclLog(uuid, logFor(group.logs, 'ACCEPT'), logMeter(settings, group.stateful)),
    external_ids: stringMap({ 'neutron:security_group_rule_id': rule.id }),
  });
}

/** Directions of a group, and what matches its traffic there. */
const groupTraffic = (groupId: string) =>
  [
    { direction: 'to-lport', match: `outport == @${portGroupName(groupId)} && ip` },
    { direction: 'from-lport', match: `inport == @${portGroupName(groupId)} && ip` },
  ] as const;

/** Whether an ACL of a group is one of those that drop for its log. */
export const isLogDrop = (
  groupId: string,
  acl: { readonly [K in 'direction' | 'match' | 'action']: string },
): boolean =>
  acl.action === 'drop' &&
  groupTraffic(groupId).some(({ direction, match }) => acl.direction === direction && acl.match === match);

/** What no rule of the group allows would be dropped anyway; here the group's own log learns of it. */
function dropRows(group: SecurityGroupState, settings: OvnSettings): readonly DesiredRow<'ACL'>[] {
  const log = logFor(
    group.logs.filter((one) => !one.allProjects),
    'DROP',
  );
  if (log === undefined) return [];
  return groupTraffic(group.id).map(({ direction, match }) => {
    const uuid = aclUuid(group.id, direction, match);
    return desiredRow('ACL', uuid, {
      direction,
      priority: DROP_PRIORITY,
      match,
      action: 'drop',
      ...aclLog(uuid, log, logMeter(settings, true)),
      external_ids: new Map(),
    });
  });
}

/** Security group → Port_Group and one ACL for all rules that match the same packets, which bears the oldest's id. */
export function desiredSecurityGroup(group: SecurityGroupState, settings: OvnSettings): Desired {
  const acls = new Map<string, DesiredRow<'ACL'>>();
  for (const rule of group.rules) {
    const row = ruleRow(group, rule, settings);
    const uuid = row.uuid ?? '';
    if (!acls.has(uuid)) acls.set(uuid, row);
  }
  for (const row of dropRows(group, settings)) acls.set(row.uuid ?? '', row);
  const parent = portGroupUuid(group.id);
  const groupRow = desiredRow('Port_Group', parent, {
    name: portGroupName(group.id),
    external_ids: stringMap({ 'neutron:security_group_id': group.id }),
  });
  return {
    rows: [groupRow, ...acls.values()],
    members: [...acls.keys()].map((element) => ({ column: 'Port_Group.acls', parent, element })),
  };
}
