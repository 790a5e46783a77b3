import { aclUuid, dropGroupName, dropGroupUuid } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { LogState } from '../state.ts';
import { aclLog, logFor, logMeter } from './acl-log.ts';
import { type Desired, desiredRow } from './row.ts';

interface GroupAcl {
  readonly direction: 'to-lport' | 'from-lport';
  readonly priority: number;
  readonly match: string;
  readonly action: 'allow' | 'drop';
}

const DROP_PRIORITY = 1000;
const IN: GroupAcl = {
  direction: 'to-lport',
  priority: DROP_PRIORITY,
  match: `outport == @${dropGroupName} && ip`,
  action: 'drop',
};
const OUT: GroupAcl = {
  direction: 'from-lport',
  priority: DROP_PRIORITY,
  match: `inport == @${dropGroupName} && ip`,
  action: 'drop',
};
/**
 * OVN answers these itself; answers need no rule. RFC 2131 and RFC 8415: ports, and where DHCPv6 clients send to. As strong
 * as rules, because a group that logs what it drops does so one below them.
 */
const DHCP: GroupAcl = {
  direction: 'from-lport',
  priority: DROP_PRIORITY + 2,
  match:
    `inport == @${dropGroupName} && ((ip4 && udp.src == 68 && udp.dst == 67) || ` +
    '(ip6.dst == ff02::1:2 && udp.src == 546 && udp.dst == 547))',
  action: 'allow',
};
/** What only DHCP servers send, stronger than any rule. RFC 2131 and RFC 8415: ports. */
const GUARD: GroupAcl = {
  direction: 'from-lport',
  priority: DROP_PRIORITY + 3,
  match:
    `inport == @${dropGroupName} && ((ip4 && udp.src == 67 && udp.dst == 68) || ` +
    '(ip6 && udp.src == 547 && udp.dst == 546))',
  action: 'drop',
};

const rowOf = (
  { direction, priority, match, action }: GroupAcl,
  log: LogState | undefined,
  meter: string,
) => {
  const uuid = aclUuid(dropGroupName, direction, match);
  return desiredRow('ACL', uuid, {
    direction,
    priority,
    match,
    action,
    ...aclLog(uuid, log, meter),
    external_ids: new Map(),
  });
};

const textOf = ({ direction, match, action }: { readonly [K in 'direction' | 'match' | 'action']: string }) =>
  `${direction} ${action} ${match}`;

const OURS: ReadonlySet<string> = new Set([IN, OUT, DHCP, GUARD].map(textOf));

/** Whether an ACL of the drop group is one of those that may be ours. */
export const isDropGroupAcl = (acl: Parameters<typeof textOf>[0]): boolean => OURS.has(textOf(acl));

/**
 * The group of all filtered ports: what no rule allows is dropped, but for requests for addresses; what DHCP
 * servers send is dropped whatever rules allow.
 *
 * @param logs about the groups of all projects
 */
export function desiredDropGroup(logs: readonly LogState[], settings: OvnSettings): Desired {
  const meter = logMeter(settings, true);
  const log = logFor(logs, 'DROP');
  const drops = settings.dhcpGuard ? [IN, OUT, GUARD] : [IN, OUT];
  const acls = drops.map((acl) => rowOf(acl, log, meter));
  if (settings.dhcpAlwaysReachable) acls.push(rowOf(DHCP, undefined, meter));
  return {
    rows: [
      desiredRow('Port_Group', dropGroupUuid, { name: dropGroupName, external_ids: new Map() }),
      ...acls,
    ],
    members: acls.map((row) => ({
      column: 'Port_Group.acls' as const,
      parent: dropGroupUuid,
      element: row.uuid ?? '',
    })),
  };
}
