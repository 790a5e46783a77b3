import {
  DSCP_MARKS,
  MAX_INTEGER,
  PolicyNotAuthorized,
  QOS_DIRECTIONS,
  QOS_RULE_TYPES,
  type QosDriverSupport,
  type QosRuleType,
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

const PARAMETERS: { readonly [T in QosRuleType]: readonly Parameter[] } = {
  bandwidth_limit: [range('max_kbps'), range('max_burst_kbps'), direction],
  dscp_marking: [choices('dscp_mark', DSCP_MARKS)],
  minimum_bandwidth: [range('min_kbps'), direction],
};

/** The types of rules that OVN carries out; one of them alone also tells its parameters. */
export const createQosRuleTypeBehaviour = (): ComputedBehaviour<typeof qosRuleType> => ({
  kind: 'computed',
  definition: qosRuleType,
  all: async () => QOS_RULE_TYPES.map((type) => ({ type, drivers: undefined })),
  find: async ({ roles }, key) => {
    if (!roles.includes('admin')) throw PolicyNotAuthorized({ rule: 'get_rule_type' });
    const type = QOS_RULE_TYPES.find((one) => one === key);
    if (type === undefined) return undefined;
    return { type, drivers: [{ name: DRIVER, supported_parameters: PARAMETERS[type] }] };
  },
});
