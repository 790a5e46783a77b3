import {
  ALL_QOS_RULE_TYPES,
  DSCP_MARKS,
  type ListFilter,
  MAX_INTEGER,
  PolicyNotAuthorized,
  QOS_DIRECTIONS,
  QOS_RULE_TYPES,
  type QosDriverSupport,
  qosRuleType,
} from '@ovenbird/api';
import type { ComputedBehaviour } from '../../engine/contract.ts';

const DRIVER = 'OVNQosDriver';

type Parameter = QosDriverSupport['supported_parameters'][number];

const range = (name: string): Parameter => ({
  parameter_name: name,
  parameter_type: 'range',
  parameter_values: { start: 0, end: MAX_INTEGER },
});
const choices = (name: string, values: readonly (string | number)[]): Parameter => ({
  parameter_name: name,
  parameter_type: 'choices',
  parameter_values: values,
});
const direction = choices('direction', QOS_DIRECTIONS);

const PARAMETERS: { readonly [T in (typeof QOS_RULE_TYPES)[number]]: readonly Parameter[] } = {
  bandwidth_limit: [range('max_kbps'), range('max_burst_kbps'), direction],
  dscp_marking: [choices('dscp_mark', DSCP_MARKS)],
  minimum_bandwidth: [range('min_kbps'), direction],
};

const isTrue = (filter: ListFilter): boolean => filter.kind === 'equal' && filter.values.includes(true);

/** The types of rules that OVN carries out; one of them alone also tells its parameters. */
export const createQosRuleTypeBehaviour = (): ComputedBehaviour<typeof qosRuleType> => ({
  kind: 'computed',
  definition: qosRuleType,
  all: async (_caller, query) => {
    const asks = (flag: string): boolean =>
      query?.filters.some((filter) => filter.attribute === flag && isTrue(filter)) ?? false;
    const every = asks('all_rules');
    // The flags are no facts of a type: each type has those that were asked for, so that filtering leaves it.
    const flags = { all_rules: every, all_supported: asks('all_supported') };
    const types = every ? ALL_QOS_RULE_TYPES : QOS_RULE_TYPES;
    return types.map((type) => ({ type, drivers: undefined, ...flags }));
  },
  find: async ({ isAdmin }, key) => {
    if (!isAdmin) throw PolicyNotAuthorized({ rule: 'get_rule_type' });
    const type = QOS_RULE_TYPES.find((one) => one === key);
    if (type === undefined) return undefined;
    return {
      type,
      all_rules: false,
      all_supported: true,
      drivers: [{ name: DRIVER, supported_parameters: PARAMETERS[type] }],
    };
  },
});
