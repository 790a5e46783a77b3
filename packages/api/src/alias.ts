/** Old names that requests may use and answers repeat, and the attribute each stands for. */
export const attributeAliases: ReadonlyMap<string, string> = new Map([['tenant_id', 'project_id']]);

/** The attribute that a request means by a name. */
export const canonicalName = (name: string): string => attributeAliases.get(name) ?? name;
