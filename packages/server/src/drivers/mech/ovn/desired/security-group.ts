import { aclUuid, portGroupName, portGroupUuid } from '../ids.ts';
import type { RuleState, SecurityGroupState } from '../state.ts';
import { aclMatch } from './acl-match.ts';
import { type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

const RULE_PRIORITY = 1002;

function aclRow(group: SecurityGroupState, rule: RuleState): DesiredRow<'ACL'> {
  const match = aclMatch(group.id, rule);
  const direction = rule.direction === 'ingress' ? 'to-lport' : 'from-lport';
  return desiredRow('ACL', aclUuid(group.id, direction, match), {
    direction,
    priority: RULE_PRIORITY,
    match,
    action: group.stateful ? 'allow-related' : 'allow-stateless',
    log: false,
    name: undefined,
    severity: undefined,
    meter: undefined,
    external_ids: stringMap({ 'neutron:security_group_rule_id': rule.id }),
  });
}

/** Security group → Port_Group and one ACL for all rules that match the same packets, which bears the oldest's id. */
export function desiredSecurityGroup(group: SecurityGroupState): Desired {
  const acls = new Map<string, DesiredRow<'ACL'>>();
  for (const rule of group.rules) {
    const row = aclRow(group, rule);
    const uuid = row.uuid ?? '';
    if (!acls.has(uuid)) acls.set(uuid, row);
  }
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
