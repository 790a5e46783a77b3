import { defaultPolicyRules, type ResourceDefinition, resources, ruleName } from '@ovenbird/api';
import { isObject } from '../../compare/json.ts';
import type { Refused } from './references.ts';

const NAMING = /_id$|^(security_groups|fixed_ips|external_gateway_info|sub_ports|service_profiles)$/;

/** Ids of things that are not kept here, and plain numbers. */
const ELSEWHERE = new Set([
  'project_id',
  'tenant_id',
  'device_id',
  'binding:host_id',
  'provider:segmentation_id',
  'segmentation_id',
]);

interface Name {
  readonly definition: ResourceDefinition;
  readonly attribute: string;
}

/** Attributes of a create that name another object. */
const names: readonly Name[] = resources.flatMap((definition) =>
  definition.operations.includes('create')
    ? Object.entries(definition.attributes)
        .filter(
          ([attribute, { post }]) =>
            post !== 'forbidden' && NAMING.test(attribute) && !ELSEWHERE.has(attribute),
        )
        .map(([attribute]) => ({ definition, attribute }))
    : [],
);

const told = ({ definition, attribute }: Name): string => `${definition.name}: ${attribute}`;

/** Whether one of the requests makes such an object and names something in this attribute. */
const asked = ({ definition, attribute }: Name, refusals: readonly Refused[]): boolean =>
  refusals.some(({ step: { method, path, body } }) => {
    const inner = isObject(body ?? null) ? Object.values(Object(body))[0] : undefined;
    return (
      method === 'POST' &&
      path.split('/').at(-1) === definition.path.split('/').at(-1) &&
      Object.hasOwn(Object(inner), attribute)
    );
  });

/** Attributes that no request names something in. */
export const namesLeft = (refusals: readonly Refused[]): readonly string[] =>
  names.filter((name) => !asked(name, refusals)).map(told);

const ADMIN = 'rule:admin_only';

/** They belong to no project. */
const COMMON = new Set(['router: flavor_id']);

/** The same for requests of somebody who is no administrator, without what only administrators may write. */
export const foreignNamesLeft = (refusals: readonly Refused[]): readonly string[] => {
  const plain = refusals.filter(({ step }) => step.as === 'demo');
  return names
    .filter(
      ({ definition, attribute }) =>
        defaultPolicyRules[ruleName(definition, 'create')] !== ADMIN &&
        defaultPolicyRules[ruleName(definition, 'create', attribute)] !== ADMIN,
    )
    .filter((name) => !asked(name, plain))
    .map(told)
    .filter((name) => !COMMON.has(name));
};
