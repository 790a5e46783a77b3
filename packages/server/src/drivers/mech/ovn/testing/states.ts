import type { RouterPortState, RouterState } from '../routing-state.ts';
import type { NetworkState, PortState, RuleState, SubnetState } from '../state.ts';

/** States as the loader makes them, with ordinary values where a test does not care. */
export const networkState = (given: Partial<NetworkState> = {}): NetworkState => ({
  id: '11111111-1111-4111-8111-111111111111',
  name: 'n',
  mtu: 1442,
  revision: 2,
  external: false,
  vlanTransparent: false,
  availabilityZoneHints: [],
  segments: [{ id: 's1', networkType: 'geneve', physicalNetwork: undefined, segmentationId: 7 }],
  ...given,
});

export const subnetState = (given: Partial<SubnetState> = {}): SubnetState => ({
  id: '22222222-2222-4222-8222-222222222222',
  networkId: '11111111-1111-4111-8111-111111111111',
  networkMtu: 1442,
  revision: 3,
  ipVersion: 4,
  cidr: '10.0.0.0/24',
  gatewayIp: '10.0.0.1',
  dhcp: true,
  addressMode: undefined,
  nameservers: [],
  hostRoutes: [],
  metadataIp: undefined,
  ...given,
});

export const portState = (given: Partial<PortState> = {}): PortState => ({
  id: '33333333-3333-4333-8333-333333333333',
  networkId: '11111111-1111-4111-8111-111111111111',
  networkMtu: 1442,
  projectId: 'project',
  name: 'p',
  mac: 'fa:16:3e:00:00:01',
  adminUp: true,
  status: 'DOWN',
  deviceId: '',
  deviceOwner: '',
  portSecurity: true,
  revision: 4,
  extraDhcpOpts: [],
  addresses: [{ subnetId: '22222222-2222-4222-8222-222222222222', address: '10.0.0.5' }],
  addressPairs: [],
  securityGroups: [],
  binding: { host: '', vnicType: 'normal', vifType: 'unbound', profile: {} },
  cardHost: undefined,
  qos: undefined,
  router: undefined,
  floatingAddress: undefined,
  externalGroup: undefined,
  parents: new Map(),
  ...given,
});

export const ruleState = (given: Partial<RuleState> = {}): RuleState => ({
  id: 'rule',
  direction: 'ingress',
  ipVersion: 4,
  protocol: undefined,
  portMin: undefined,
  portMax: undefined,
  remoteGroupId: undefined,
  remoteAddressGroupId: undefined,
  remoteCidr: undefined,
  ...given,
});

export const routerSubnetState = (
  given: Partial<RouterPortState['addresses'][number]['subnet']> = {},
): RouterPortState['addresses'][number]['subnet'] => ({
  id: '22222222-2222-4222-8222-222222222222',
  ipVersion: 4,
  cidr: '10.0.0.0/24',
  gatewayIp: '10.0.0.1',
  addressMode: undefined,
  nameservers: [],
  ...given,
});

export const routerPortState = (given: Partial<RouterPortState> = {}): RouterPortState => ({
  id: '44444444-4444-4444-8444-444444444444',
  mac: 'fa:16:3e:00:00:02',
  revision: 5,
  gateway: false,
  networkId: '11111111-1111-4111-8111-111111111111',
  networkMtu: 1442,
  networkExternal: false,
  networkType: 'geneve',
  physical: false,
  addresses: [{ address: '10.0.0.1', subnet: routerSubnetState() }],
  qos: undefined,
  ...given,
});

export const routerState = (given: Partial<RouterState> = {}): RouterState => ({
  id: '55555555-5555-4555-8555-555555555555',
  name: 'r',
  adminUp: true,
  snat: true,
  defaultRouteBfd: false,
  defaultRouteEcmp: false,
  availabilityZoneHints: [],
  revision: 6,
  ports: [],
  routes: [],
  chassis: [],
  ...given,
});
