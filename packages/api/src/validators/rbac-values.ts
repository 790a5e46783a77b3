import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, refused, refusedWith, type ValueType } from '../value-type.ts';
import { parseUuid } from './uuid.ts';

/** Stands for every project in a grant. */
export const EVERY_PROJECT = '*';

/** Types of objects that can be granted. Each has a place in the service that knows who uses them. */
export const RBAC_OBJECT_TYPES = [
  'network',
  'security_group',
  'address_group',
  'address_scope',
  'subnetpool',
  'qos_policy',
] as const;

export type RbacObjectType = (typeof RBAC_OBJECT_TYPES)[number];

/** The type of a granted object; letter case and blanks around it do not count. */
export const rbacObjectType: ValueType<RbacObjectType> = {
  name: 'rbac object type',
  schema: { type: 'string', enum: RBAC_OBJECT_TYPES },
  parse: (value) => {
    const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
    const found = RBAC_OBJECT_TYPES.find((type) => type === text);
    return found === undefined
      ? refusedWith(InvalidInput({ message: `'${display(value)}' is not a valid RBAC object type` }))
      : accepted(found);
  },
};

/** Whom an object is granted to: a project's id as given, or `*`. */
export const targetProject: ValueType<string> = {
  name: 'target project',
  schema: { type: 'string', description: 'A project id, or * for every project.' },
  parse: (value) => {
    if (typeof value !== 'string') return refused(`'${display(value)}' is not a valid string`);
    const known = value === EVERY_PROJECT || parseUuid(value).ok;
    return known
      ? accepted(value)
      : refusedWith(
          InvalidInput({
            message: `'${display(value)}' is not a valid target project ID; expected a UUID or '*'`,
          }),
        );
  },
};
