import { defineError } from '../errors.ts';

/** 404: no such policy, or none that the caller may see. */
export const QosPolicyNotFound = defineError<{ id: string }>(
  404,
  'QosPolicyNotFound',
  (p) => `QoS policy ${p.id} could not be found.`,
);

/** 404: the policy has no such rule of this type. */
export const QosRuleNotFound = defineError<{ policyId: string; ruleId: string }>(
  404,
  'QosRuleNotFound',
  (p) => `QoS rule ${p.ruleId} for policy ${p.policyId} could not be found.`,
);

/** 409: the project has a default policy already. */
export const QoSPolicyDefaultAlreadyExists = defineError<{ projectId: string }>(
  409,
  'QoSPolicyDefaultAlreadyExists',
  (p) => `A default QoS policy exists for project ${p.projectId}.`,
);

/** 409: ports or networks use the policy. */
export const QosPolicyInUse = defineError<{ id: string; objectType: string; objectId: string }>(
  409,
  'QosPolicyInUse',
  (p) => `QoS Policy ${p.id} is used by ${p.objectType} ${p.objectId}.`,
);

/** 409: a limit below what another rule promises, or a promise above the limit. */
export const QoSRuleParameterConflict = defineError<{
  value: number | string;
  policyId: string;
  existingRule: string;
  existingValue: number | string;
}>(
  409,
  'QoSRuleParameterConflict',
  (p) =>
    `Unable to add the rule with value ${p.value} to the policy ${p.policyId} as the existing rule of type ` +
    `${p.existingRule} has value ${p.existingValue}.`,
);

/** 409: the policy has a rule of this type and direction already. */
export const QoSRulesConflict = defineError<{ newType: string; ruleId: string; policyId: string }>(
  409,
  'QoSRulesConflict',
  (p) =>
    `Rule ${p.newType} conflicts with rule ${p.ruleId} which already exists in QoS Policy ${p.policyId}.`,
);

/** 409: nothing can carry out a rule of this type for the port. */
export const QosRuleNotSupported = defineError<{ ruleType: string; portId: string }>(
  409,
  'QosRuleNotSupported',
  (p) => `Rule ${p.ruleType} is not supported by port ${p.portId}`,
);

/** 409: nothing can carry out a rule of this type for ports of the network. */
export const QosRuleNotSupportedByNetwork = defineError<{ ruleType: string; networkId: string }>(
  409,
  'QosRuleNotSupportedByNetwork',
  (p) => `Rule ${p.ruleType} is not supported by network ${p.networkId}`,
);

/** 403: only who sees a policy may take it off a port or network. */
export const PolicyRemoveAuthorizationError = defineError<{ id: string }>(
  403,
  'PolicyRemoveAuthorizationError',
  (p) => `Failed to remove provided policy ${p.id} because you are not authorized.`,
);
