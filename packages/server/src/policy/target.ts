/** What rules may ask of the parent of an object. */
export interface ParentFacts {
  readonly projectId: string;
  /** Whether it is shared with the project that owns the object. */
  readonly shared: boolean;
}

/**
 * What a rule looks at: the object's attributes, and facts of its parents under `network`, `security_group`,
 * `ext_parent`, … for `%(network:tenant_id)s` and for `field:networks:shared=True` of what lies on a network.
 */
export interface Target {
  readonly attributes: { readonly [attribute: string]: unknown };
  readonly parents?: { readonly [parent: string]: ParentFacts };
}

/** Prefix of the generic name for the parent of a sub-resource. */
export const extParent = 'ext_parent';

/** A value as the reference's language prints it, as rule text is compared with it. */
export const valueText = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    default:
      return value === null || value === undefined ? 'None' : JSON.stringify(value);
  }
};

const own = (attributes: Target['attributes'], key: string): unknown =>
  Object.hasOwn(attributes, key) ? attributes[key] : undefined;

/**
 * The value that `%(key)s` stands for; undefined when the target has none, and then the check does not hold.
 * `tenant_id` and `project_id` are the same thing whichever the target has.
 */
export const targetValue = (target: Target, key: string): unknown => {
  const { attributes, parents } = target;
  const direct = own(attributes, key);
  if (direct !== undefined) return direct;
  if (key === 'tenant_id') return own(attributes, 'project_id');
  if (key === 'project_id') return own(attributes, 'tenant_id');
  const colon = key.indexOf(':');
  const field = key.slice(colon + 1);
  if (field !== 'tenant_id' && field !== 'project_id') return undefined;
  return parents?.[key.slice(0, colon)]?.projectId;
};

/** The value that `field:<collection>:<field>` compares: the object's, or for `shared` else its parent's. */
export const fieldValue = (target: Target, collection: string, field: string): unknown => {
  const value = targetValue(target, field);
  if (value !== undefined || field !== 'shared') return value;
  return target.parents?.[collection.replace(/s$/, '')]?.shared;
};
