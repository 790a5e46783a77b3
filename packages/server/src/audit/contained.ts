import type { RuleReach } from './rules.ts';

/** A rule, and one of the same group that lets through all that it does. */
export interface Containment {
  readonly rule: RuleReach;
  readonly within: RuleReach;
}

/** Where a rule is looked up: everything but its ports. */
const place = (rule: RuleReach, protocol: number | undefined, remote: string): string =>
  `${rule.direction} ${rule.version} ${protocol ?? ''} ${remote}`;

const ANYBODY = '';

const ownRemote = ({ prefix, remoteGroup, remoteAddressGroup }: RuleReach): string => {
  if (remoteGroup !== undefined) return `group ${remoteGroup}`;
  if (remoteAddressGroup !== undefined) return `addresses ${remoteAddressGroup}`;
  return prefix === undefined ? ANYBODY : `${prefix.network.value}/${prefix.prefix}`;
};

/** Remotes that hold the rule's: itself, shorter prefixes of it among `lengths`, and everybody. */
const remotesAround = (rule: RuleReach, lengths: readonly number[]): readonly string[] => {
  const { prefix } = rule;
  const own = ownRemote(rule);
  if (own === ANYBODY) return [ANYBODY];
  if (prefix === undefined) return [own, ANYBODY];
  const bits = prefix.version === 4 ? 32 : 128;
  const wider = lengths
    .filter((length) => length <= prefix.prefix)
    .map((length) => {
      const host = BigInt(bits - length);
      return `${(prefix.network.value >> host) << host}/${length}`;
    });
  return [...wider, ANYBODY];
};

/** Whether all ports, or ICMP types and codes, of `inner` are among those of `outer`; the protocols are equal. */
const portsHold = (outer: RuleReach, inner: RuleReach): boolean => {
  if (outer.protocol === undefined) return true;
  const icmp = outer.protocol === 1 || outer.protocol === 58;
  const same = (a: number | null, b: number | null): boolean => a === null || a === b;
  if (icmp) return same(outer.min, inner.min) && same(outer.max, inner.max);
  return (outer.min ?? 0) <= (inner.min ?? 0) && (outer.max ?? 65_535) >= (inner.max ?? 65_535);
};

const indexed = (rules: readonly RuleReach[]): ReadonlyMap<string, readonly RuleReach[]> =>
  Map.groupBy(rules, (rule) => place(rule, rule.protocol, ownRemote(rule)));

/** Of two that hold each other the first of the list stays. */
const outranks = (order: ReadonlyMap<string, number>, outer: RuleReach, inner: RuleReach): boolean =>
  !holds(inner, outer) || (order.get(outer.id) ?? 0) < (order.get(inner.id) ?? 0);

const holds = (outer: RuleReach, inner: RuleReach): boolean =>
  (outer.protocol === undefined || outer.protocol === inner.protocol) &&
  remotesAround(inner, outer.prefix === undefined ? [] : [outer.prefix.prefix]).includes(ownRemote(outer)) &&
  portsHold(outer, inner);

/**
 * Rules of one group that change nothing because another one holds them. Looks up the few places where such a one can
 * be, so that long groups take no time that grows with the square of their length.
 */
export const containedRules = (rules: readonly RuleReach[]): readonly Containment[] => {
  const index = indexed(rules);
  const order = new Map(rules.map(({ id }, at) => [id, at]));
  const lengths = [...new Set(rules.flatMap(({ prefix }) => (prefix === undefined ? [] : [prefix.prefix])))];
  return rules.flatMap((rule) => {
    const protocols = rule.protocol === undefined ? [undefined] : [undefined, rule.protocol];
    for (const remote of remotesAround(rule, lengths))
      for (const protocol of protocols) {
        const within = index
          .get(place(rule, protocol, remote))
          ?.find((other) => other !== rule && portsHold(other, rule) && outranks(order, other, rule));
        if (within !== undefined) return [{ rule, within }];
      }
    return [];
  });
};
