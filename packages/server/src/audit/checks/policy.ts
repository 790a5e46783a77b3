import { defaultPolicyRules } from '@ovenbird/api';
import { type MatrixPersona, matrixPersonas, plainContext, policyMatrix } from '../../policy/matrix.ts';
import { compilePolicy, type Policy } from '../../policy/policy.ts';
import { type Found, type SettingsCheck, settingsCheck } from '../check.ts';

/** Rules whose text is not the default. */
const changedRules = ({ rules }: Policy): readonly string[] =>
  Object.keys(rules).filter((rule) => rules[rule] !== defaultPolicyRules[rule]);

/** Roles of the operator's own that changed rules name. */
const ownRoles = (policy: Policy): readonly string[] => {
  const texts = changedRules(policy).map((rule) => policy.rules[rule] ?? '');
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\brole:([\w.-]+)/g)].map((match) => match[1] ?? ''),
  );
  const known = new Set(matrixPersonas.flatMap(({ context }) => context.roles));
  return [...new Set(named)].filter((role) => !known.has(role.toLowerCase()));
};

/** Those of the matrix, somebody without a role, and somebody with each role of the operator's own. */
const personasFor = (policy: Policy): readonly MatrixPersona[] => {
  const target = matrixPersonas[0]?.target ?? { attributes: {} };
  const own = String(target.attributes.project_id);
  const somebody = (name: string, projectId: string, roles: readonly string[]): MatrixPersona => ({
    name,
    context: plainContext({ userId: name, userName: name, projectId, roles }),
    target,
  });
  return [
    ...matrixPersonas,
    somebody('no-role', own, []),
    somebody('other-no-role', 'other-project', []),
    ...ownRoles(policy).flatMap((role) => [
      somebody(`${role}`, own, [role]),
      somebody(`other-${role}`, 'other-project', [role]),
    ]),
  ];
};

/** Outcomes by rule. */
const outcomes = (policy: Policy, personas: readonly MatrixPersona[]) =>
  new Map(policyMatrix(policy, personas).map(({ rule, allowed }) => [rule, allowed]));

/** Rules that let more callers through than the defaults do. */
const weakened = (policy: Policy): readonly Found[] => {
  const personas = personasFor(policy);
  const now = outcomes(policy, personas);
  return [...outcomes(compilePolicy(defaultPolicyRules), personas)].flatMap(([rule, before]) => {
    const gained = personas
      .filter((_, index) => now.get(rule)?.[index] === true && before[index] !== true)
      .map(({ name }) => name);
    if (gained.length === 0) return [];
    const outside = gained.some((name) => name.startsWith('other-') || name === 'shared-to');
    return [
      {
        subject: { kind: 'policy_rule', id: rule },
        evidence: `now allowed to ${gained.join(', ')}: ${policy.rules[rule] || '@'}`,
        ...(outside ? {} : { severity: 'medium' as const }),
      },
    ];
  });
};

export const policyWeakened: SettingsCheck = settingsCheck({
  id: 'policy-weakened',
  pillar: 284,
  cwe: 863,
  title: 'A rule of the operator allows what the default denies',
  severity: 'high',
  remedy:
    'ovenbird policy show RULE and ovenbird policy check RULE explain it; take the rule out of policy.file, or write down why it is so.',
  async examine({ policy }) {
    return changedRules(policy).length === 0 ? [] : weakened(policy);
  },
});

export const policyRuleUnused: SettingsCheck = settingsCheck({
  id: 'policy-rule-unused',
  pillar: 284,
  cwe: 862,
  title: 'A rule of the operator guards nothing',
  severity: 'medium',
  remedy: 'Correct its name: ovenbird policy show lists those that are asked for.',
  async examine({ policy }) {
    const texts = Object.values(policy.rules).join(' ');
    return changedRules(policy)
      .filter((rule) => !Object.hasOwn(defaultPolicyRules, rule))
      .filter((rule) => !new RegExp(`\\brule:${RegExp.escape(rule)}(?![\\w:.-])`).test(texts))
      .map((rule) => ({
        subject: { kind: 'policy_rule', id: rule },
        evidence: 'no operation and no other rule asks for it',
      }));
  },
});
