import { optional, readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { enableDefaultRouteBfd } from '../extensions/enable-default-route-bfd.ts';
import { enableDefaultRouteEcmp } from '../extensions/enable-default-route-ecmp.ts';
import { externalGatewayMultihoming } from '../extensions/external-gateway-multihoming.ts';
import { extraroute } from '../extensions/extraroute.ts';
import { l3Flavors } from '../extensions/l3-flavors.ts';
import { l3Ha } from '../extensions/l3-ha.ts';
import { routerAvailabilityZone } from '../extensions/router-availability-zone.ts';
import { routerEnableSnat } from '../extensions/router-enable-snat.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { ADMIN, ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER, FALLBACK } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { externalGatewayInfo } from '../validators/external-gateway-info.ts';
import { nameString, string } from '../validators/string.ts';

const GATEWAY_PARTS = ['network_id', 'enable_snat', 'external_fixed_ips', 'qos_policy_id'];

/** Joins subnets, and leads outside through its gateways. */
export const router = defineResource({
  name: 'router',
  collection: 'routers',
  path: 'routers',
  alias: 'router',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'router', limit: 10 },
  extraFilters: ['changed_since'],
  actions: {
    add_router_interface: {
      method: 'PUT',
      path: 'add_router_interface',
      policy: 'add_router_interface',
    },
    remove_router_interface: {
      method: 'PUT',
      path: 'remove_router_interface',
      policy: 'remove_router_interface',
    },
    l3_agents: { method: 'GET', path: 'l3-agents', policy: 'get_l3-agents' },
    add_extraroutes: { method: 'PUT', path: 'add_extraroutes', policy: 'add_extraroutes', returns: 'member' },
    remove_extraroutes: {
      method: 'PUT',
      path: 'remove_extraroutes',
      policy: 'remove_extraroutes',
      returns: 'member',
    },
    add_external_gateways: {
      method: 'PUT',
      path: 'add_external_gateways',
      policy: 'add_external_gateways',
      guarded: { attribute: 'external_gateways', subPolicy: GATEWAY_PARTS },
      returns: 'member',
    },
    update_external_gateways: {
      method: 'PUT',
      path: 'update_external_gateways',
      policy: 'update_external_gateways',
      guarded: { attribute: 'external_gateways', subPolicy: GATEWAY_PARTS },
      returns: 'member',
    },
    remove_external_gateways: {
      method: 'PUT',
      path: 'remove_external_gateways',
      policy: 'remove_external_gateways',
      guarded: { attribute: 'external_gateways', subPolicy: [] },
      returns: 'member',
    },
  },
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    admin_state_up: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    status: readOnly(string(16), { sort: true, description: 'ACTIVE, DOWN or ERROR.' }),
    external_gateway_info: optional(externalGatewayInfo, {
      put: true,
      initial: null,
      policy: true,
      subPolicy: GATEWAY_PARTS,
    }),
    ...externalGatewayMultihoming.attributes.router,
    ...routerEnableSnat.attributes.router,
    ...extraroute.attributes.router,
    ...l3Ha.attributes.router,
    ...l3Flavors.attributes.router,
    ...enableDefaultRouteBfd.attributes.router,
    ...enableDefaultRouteEcmp.attributes.router,
    ...routerAvailabilityZone.attributes.router,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_router: ADMIN_OR_PROJECT_MEMBER,
    'create_router:ha': ADMIN,
    'create_router:external_gateway_info': ADMIN_OR_PROJECT_MEMBER,
    'create_router:external_gateway_info:network_id': ADMIN_OR_PROJECT_MEMBER,
    'create_router:external_gateway_info:enable_snat': ADMIN,
    'create_router:external_gateway_info:external_fixed_ips': ADMIN,
    'create_router:external_gateway_info:qos_policy_id': FALLBACK,
    'create_router:flavor_id': FALLBACK,
    'create_router:enable_default_route_bfd': ADMIN,
    'create_router:enable_default_route_ecmp': ADMIN,
    'create_router:tags': ADMIN_OR_PROJECT_MEMBER,
    get_router: ADMIN_OR_PROJECT_READER,
    'get_router:ha': ADMIN,
    'get_router:tags': ADMIN_OR_PROJECT_READER,
    update_router: ADMIN_OR_PROJECT_MEMBER,
    'update_router:ha': ADMIN,
    'update_router:external_gateway_info': ADMIN_OR_PROJECT_MEMBER,
    'update_router:external_gateway_info:network_id': ADMIN_OR_PROJECT_MEMBER,
    'update_router:external_gateway_info:enable_snat': ADMIN,
    'update_router:external_gateway_info:external_fixed_ips': ADMIN,
    'update_router:external_gateway_info:qos_policy_id': FALLBACK,
    'update_router:enable_default_route_bfd': ADMIN,
    'update_router:enable_default_route_ecmp': ADMIN,
    'update_router:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_router: ADMIN_OR_PROJECT_MEMBER,
    'delete_router:tags': ADMIN_OR_PROJECT_MEMBER,
    'get_l3-agents': ADMIN,
    add_router_interface: ADMIN_OR_PROJECT_MEMBER,
    remove_router_interface: ADMIN_OR_PROJECT_MEMBER,
    add_extraroutes: ADMIN_OR_PROJECT_MEMBER,
    remove_extraroutes: ADMIN_OR_PROJECT_MEMBER,
    add_external_gateways: ADMIN_OR_PROJECT_MEMBER,
    'add_external_gateways:external_gateways': ADMIN_OR_PROJECT_MEMBER,
    'add_external_gateways:external_gateways:network_id': ADMIN_OR_PROJECT_MEMBER,
    'add_external_gateways:external_gateways:enable_snat': ADMIN,
    'add_external_gateways:external_gateways:external_fixed_ips': ADMIN,
    'add_external_gateways:external_gateways:qos_policy_id': FALLBACK,
    update_external_gateways: ADMIN_OR_PROJECT_MEMBER,
    'update_external_gateways:external_gateways': ADMIN_OR_PROJECT_MEMBER,
    'update_external_gateways:external_gateways:network_id': ADMIN_OR_PROJECT_MEMBER,
    'update_external_gateways:external_gateways:enable_snat': ADMIN,
    'update_external_gateways:external_gateways:external_fixed_ips': ADMIN,
    'update_external_gateways:external_gateways:qos_policy_id': FALLBACK,
    remove_external_gateways: ADMIN_OR_PROJECT_MEMBER,
    'remove_external_gateways:external_gateways': ADMIN_OR_PROJECT_MEMBER,
  },
});

export type Router = ResourceOf<typeof router>;
