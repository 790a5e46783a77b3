import { display } from '../display.ts';
import { accepted, refused, type ValueType } from '../value-type.ts';
import { integer, MAX_INTEGER, parseInteger } from './integer.ts';

/** Types of rules that OVN carries out. */
export const QOS_RULE_TYPES = ['bandwidth_limit', 'dscp_marking', 'minimum_bandwidth'] as const;

/** Types of rules that policies may hold; OVN counts no packets, so it carries out only the first three. */
export const ALL_QOS_RULE_TYPES = [...QOS_RULE_TYPES, 'minimum_packet_rate', 'packet_rate_limit'] as const;

export type QosRuleType = (typeof ALL_QOS_RULE_TYPES)[number];

/** Where packets go, seen from the port. */
export const QOS_DIRECTIONS = ['ingress', 'egress'] as const;

export type QosDirection = (typeof QOS_DIRECTIONS)[number];

/** A promised packet rate may also be one for both ways together. */
export const QOS_DIRECTIONS_OR_ANY = [...QOS_DIRECTIONS, 'any'] as const;

/** A rule as its policy shows it; of the values it has those of its type. */
export interface QosRule {
  readonly id: string;
  readonly qos_policy_id: string;
  readonly type: QosRuleType;
  readonly direction?: QosDirection | 'any';
  readonly max_kbps?: number;
  readonly max_burst_kbps?: number;
  readonly min_kbps?: number;
  readonly dscp_mark?: number;
  readonly max_kpps?: number;
  readonly max_burst_kpps?: number;
  readonly min_kpps?: number;
}

/** The rules of a policy, as the policy shows them. No request gives them. */
export const qosRules: ValueType<readonly QosRule[]> = {
  name: 'QoS rules',
  schema: { type: 'array', items: { type: 'object' } },
  parse: () => refused('QoS rules are made one by one'),
};

/** Kilobits a second, or kilobits of a burst. */
export const kilobits = integer(0, MAX_INTEGER);

/** Thousands of packets a second, or of a burst. */
export const kilopackets = integer(0, MAX_INTEGER);

/** RFC 2474, RFC 2597, RFC 3246, RFC 5865: code points in use; the others are not for setting. */
export const DSCP_MARKS: readonly number[] = [
  0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 46, 48, 56,
];

/** A differentiated services code point. */
export const dscpMark: ValueType<number> = {
  name: 'DSCP mark',
  schema: { type: 'integer', enum: DSCP_MARKS },
  parse: (value) => {
    const parsed = parseInteger(value);
    if (!parsed.ok) return parsed;
    return DSCP_MARKS.includes(parsed.value)
      ? parsed
      : refused(`${display(parsed.value)} is not in ${display(DSCP_MARKS)}`);
  },
  fromQuery: (text) => (/^\d{1,3}$/.test(text) ? accepted(Number(text)) : accepted(text)),
};

/** What a driver can do with one type of rule. */
export interface QosDriverSupport {
  readonly name: string;
  readonly supported_parameters: readonly {
    readonly parameter_name: string;
    readonly parameter_type: 'range' | 'choices';
    readonly parameter_values:
      | { readonly start: number; readonly end: number }
      | readonly (string | number)[];
  }[];
}

/** Shown for one type only; `undefined` in lists. */
export const qosDrivers: ValueType<readonly QosDriverSupport[] | undefined> = {
  name: 'QoS drivers',
  schema: { type: 'array', items: { type: 'object' } },
  parse: () => refused('drivers are read only'),
};
