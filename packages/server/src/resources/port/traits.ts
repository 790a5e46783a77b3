import { type Port, PortBoundNUMAAffinityPolicy } from '@ovenbird/api';
import { isPlugged } from '../../ml2/binding-state.ts';
import type { PortBody, PortUpdate } from './bodies.ts';

const PLAIN = {
  device_profile: null,
  numa_affinity_policy: null,
  hardware_offload_type: null,
  trusted: null,
  propagate_uplink_status: true,
  data_plane_status: null,
} as const;

type Name = keyof typeof PLAIN;
const names = Object.keys(PLAIN) as readonly Name[];

/** What a port is to Nova, to hosts and to those who watch hardware; this service only keeps it. */
export type PortTraits = Pick<Port, Name>;

/** Traits from their column, which holds JSON that {@link traitsText} made. */
export const traitsIn = (json: string): PortTraits =>
  json === '{}' ? PLAIN : { ...PLAIN, ...(JSON.parse(json) as Partial<PortTraits>) };

/** Traits for their column: those that are not as those of most ports. */
export const traitsText = (traits: PortTraits): string => {
  const differing = names.filter((name) => traits[name] !== PLAIN[name]);
  return differing.length === 0
    ? '{}'
    : JSON.stringify(Object.fromEntries(differing.map((name) => [name, traits[name]])));
};

/** Traits that a request asks for. */
export const newTraits = (body: PortBody): PortTraits => ({
  ...PLAIN,
  device_profile: body.device_profile,
  numa_affinity_policy: body.numa_affinity_policy,
  hardware_offload_type: body.hardware_offload_type ?? null,
  trusted: body.trusted ?? null,
  propagate_uplink_status: body.propagate_uplink_status,
});

const requireUnplugged = (port: Port, policy: string | null): void => {
  if (!isPlugged(port['binding:vif_type'])) return;
  const { id, 'binding:host_id': host } = port;
  throw PortBoundNUMAAffinityPolicy({ id, host, policy });
};

/** Traits after an update. Throws ApiError PortBoundNUMAAffinityPolicy where the machine has its memory already. */
export const changedTraits = (port: Port, body: PortUpdate): PortTraits => {
  const { numa_affinity_policy: affinity = port.numa_affinity_policy } = body;
  const { data_plane_status: dataPlane = port.data_plane_status } = body;
  if (body.numa_affinity_policy !== undefined) requireUnplugged(port, affinity);
  return {
    device_profile: port.device_profile,
    numa_affinity_policy: affinity,
    hardware_offload_type: port.hardware_offload_type,
    trusted: body.trusted ?? port.trusted,
    propagate_uplink_status: body.propagate_uplink_status ?? port.propagate_uplink_status,
    data_plane_status: dataPlane,
  };
};

type Profile = { readonly [key: string]: unknown };

const capabilitiesWith = (profile: Profile, capability: string): readonly unknown[] => {
  const given: readonly unknown[] = Array.isArray(profile.capabilities) ? profile.capabilities : [];
  return given.includes(capability) ? given : [...given, capability];
};

/** The body of a create whose binding profile tells hosts of the port's traits, as Nova reads it there. */
export const withTraitsInProfile = (body: PortBody): PortBody => {
  const { trusted, hardware_offload_type: offload } = body;
  if (trusted === undefined && offload === undefined) return body;
  const profile = body['binding:profile'] ?? {};
  return {
    ...body,
    'binding:profile': {
      ...profile,
      ...(trusted === undefined ? {} : { trusted }),
      ...(offload === undefined ? {} : { capabilities: capabilitiesWith(profile, offload) }),
    },
  };
};

/** As {@link withTraitsInProfile}, of an update. Nova writes whole profiles and knows nothing of this one key. */
export const withTrustInProfile = (port: Port, body: PortUpdate): PortUpdate => {
  const trusted = body.trusted ?? port.trusted;
  const given = body['binding:profile'];
  if (trusted === null || (body.trusted === undefined && given === undefined)) return body;
  const profile = given === undefined ? port['binding:profile'] : (given ?? {});
  return { ...body, 'binding:profile': { ...profile, trusted } };
};
