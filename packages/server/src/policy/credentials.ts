import type { RequestContext } from '../identity/context.ts';

/** What rules know of a caller, by the names that the reference's rules use. Paths (`a.b`) go into nested objects. */
export type Credentials = { readonly [name: string]: unknown };

const projectOf = (context: RequestContext): Credentials => ({
  project_id: context.projectId,
  tenant_id: context.projectId,
  project_name: context.projectName,
  tenant_name: context.projectName,
  project_domain_id: context.domainId,
});

export const credentialsOf = (context: RequestContext): Credentials => ({
  user_id: context.userId,
  user: context.userId,
  user_name: context.userName,
  // Without a project there is nothing to compare with, so that objects of no project belong to nobody.
  ...(context.projectId === '' ? {} : projectOf(context)),
  roles: context.roles,
  service_roles: context.serviceRoles,
});

/** Every value that a path leads to; a list on the way stands for each of its elements. */
export const credentialValues = (credentials: Credentials, path: readonly string[]): readonly unknown[] => {
  let values: readonly unknown[] = [credentials];
  for (const step of path) {
    values = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
      const next: unknown = Reflect.get(value, step);
      return Array.isArray(next) ? next : [next];
    });
  }
  return values;
};
