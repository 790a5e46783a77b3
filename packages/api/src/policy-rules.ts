/** The request grants something to single projects only. */
export const NOT_EVERY_PROJECT =
  '(not field:rbac_policy:target_tenant=* and not field:rbac_policy:target_project=*)';

/**
 * Helper rules that the rules of the resources build on, in the oslo.policy language, by name. They equal the published
 * defaults of the reference; operators override them by the same names.
 */
export const baseRules: { readonly [name: string]: string } = {
  context_is_admin: 'role:admin',
  context_with_global_access: '!',
  context_can_set_project_id: '!',
  service_api: 'role:service',
  owner: 'project_id:%(project_id)s',
  admin_or_owner: 'rule:context_is_admin or rule:owner',
  context_is_advsvc: 'role:advsvc',
  admin_or_network_owner: 'rule:context_is_admin or project_id:%(network:project_id)s',
  admin_owner_or_network_owner: 'rule:owner or rule:admin_or_network_owner',
  network_owner: 'project_id:%(network:project_id)s',
  admin_only: 'rule:context_is_admin',
  regular_user: '',
  shared: 'field:networks:shared=True',
  default: 'rule:admin_or_owner',
  admin_or_ext_parent_owner: 'rule:context_is_admin or project_id:%(ext_parent:project_id)s',
  ext_parent_owner: 'project_id:%(ext_parent:project_id)s',
  sg_owner: 'project_id:%(security_group:project_id)s',
  external: 'field:networks:router:external=True',
  external_network: 'field:subnets:router:external=True',
  network_device: 'field:port:device_owner=~^network:',
  admin_or_data_plane_int: 'rule:context_is_admin or role:data_plane_integrator',
  admin_or_sg_owner: 'rule:context_is_admin or project_id:%(security_group:project_id)s',
  admin_owner_or_sg_owner: 'rule:owner or rule:admin_or_sg_owner',
  shared_security_group: 'field:security_groups:shared=True',
  shared_address_scopes: 'field:address_scopes:shared=True',
  shared_subnetpools: 'field:subnetpools:shared=True',
  shared_address_groups: 'field:address_groups:shared=True',
  restrict_wildcard: `${NOT_EVERY_PROJECT} or rule:admin_only`,
  shared_qos_policy: 'field:policies:shared=True',
  rule_default_sg: 'field:security_group_rules:belongs_to_default_sg=True',
};

/** Any of these. */
export const or = (...rules: readonly string[]): string => rules.join(' or ');

/** What the reference falls back to for a guarded attribute whose rule is not published: administrators and the owner. */
export const FALLBACK = 'rule:default';
export const ADMIN = 'rule:admin_only';
export const SERVICE = 'rule:service_api';
export const ADVSVC = 'rule:context_is_advsvc';
export const SHARED = 'rule:shared';
export const READER = 'role:reader';
export const ADMIN_OR_SERVICE = '(rule:admin_only) or (rule:service_api)';

export const PROJECT_MANAGER = 'role:manager and project_id:%(project_id)s';
export const PROJECT_MEMBER = 'role:member and project_id:%(project_id)s';
export const PROJECT_READER = 'role:reader and project_id:%(project_id)s';
export const ADMIN_OR_PROJECT_MANAGER = `(${ADMIN}) or (${PROJECT_MANAGER})`;
export const ADMIN_OR_PROJECT_MEMBER = `(${ADMIN}) or (${PROJECT_MEMBER})`;
export const ADMIN_OR_PROJECT_READER = `(${ADMIN}) or (${PROJECT_READER})`;

export const NET_OWNER_MANAGER = 'role:manager and rule:network_owner';
export const NET_OWNER_MEMBER = 'role:member and rule:network_owner';
export const NET_OWNER_READER = 'role:reader and rule:network_owner';
export const ADMIN_OR_NET_OWNER_MEMBER = `(${ADMIN}) or (${NET_OWNER_MEMBER})`;
export const ADMIN_OR_NET_OWNER_READER = `(${ADMIN}) or (${NET_OWNER_READER})`;

export const ADMIN_OR_SG_OWNER_MEMBER = `(${ADMIN}) or (role:member and rule:sg_owner)`;
export const ADMIN_OR_SG_OWNER_READER = `(${ADMIN}) or (role:reader and rule:sg_owner)`;
