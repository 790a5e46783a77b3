import { actual, type PortParents } from './actual.ts';
import type { Northbound } from './databases.ts';
import { desired } from './desired/desired.ts';
import type { Membership } from './desired/row.ts';
import { diff, type KeyDiff } from './diff.ts';
import { dropGroupUuid, portGroupUuid } from './ids.ts';
import { dropGroupKey, type OvnKey } from './key.ts';
import { parentTable } from './operations.ts';
import type { OvnSettings } from './settings.ts';
import type { Snapshot } from './state.ts';

/** How far one key is from what it should be, or why that cannot be told. */
export type KeyOutcome =
  | { readonly key: OvnKey; readonly difference: KeyDiff }
  | { readonly key: OvnKey; readonly error: unknown };

/** Compare each key's content with the replica. A key whose state cannot be mapped does not spoil the others. */
export function compare(
  keys: readonly OvnKey[],
  snapshot: Snapshot,
  settings: OvnSettings,
  nb: Northbound,
  parents: PortParents,
): readonly KeyOutcome[] {
  return keys.map((key) => {
    try {
      return {
        key,
        difference: diff(desired(key, snapshot, settings), actual(key, nb, parents, settings), nb),
      };
    } catch (error) {
      return { key, error };
    }
  });
}

const keyOfParent = (member: Membership, snapshot: Snapshot): OvnKey | undefined => {
  if (parentTable(member.column) === 'Logical_Switch') return { kind: 'network', id: member.parent };
  if (parentTable(member.column) === 'Logical_Router') return { kind: 'router', id: member.parent };
  if (member.parent === dropGroupUuid) return dropGroupKey;
  const groups = snapshot.ports.get(member.element)?.securityGroups ?? [];
  const id = groups.find((group) => portGroupUuid(group) === member.parent);
  return id === undefined ? undefined : { kind: 'security_group', id };
};

/** Keys of rows that members should join but that neither exist nor are about to be made. */
export function missingParents(
  differences: readonly KeyDiff[],
  snapshot: Snapshot,
  nb: Northbound,
): readonly OvnKey[] {
  const made = new Set(differences.flatMap((each) => each.inserts.map((row) => row.uuid)));
  const missing = new Map<string, OvnKey>();
  for (const { joins } of differences)
    for (const member of joins) {
      if (made.has(member.parent) || nb[parentTable(member.column)].get(member.parent) !== undefined)
        continue;
      const key = keyOfParent(member, snapshot);
      if (key !== undefined) missing.set(member.parent, key);
    }
  return [...missing.values()];
}
