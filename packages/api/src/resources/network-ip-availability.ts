import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { networkIpAvailabilityDetails } from '../extensions/network-ip-availability-details.ts';
import { ADMIN_OR_SERVICE } from '../policy-rules.ts';
import { NAME_LENGTH, PROJECT_ID_LENGTH } from '../standard-attributes.ts';
import { oneOfIntegers } from '../validators/integer.ts';
import { addressCount, subnetIpAvailability } from '../validators/ip-availability.ts';
import { string } from '../validators/string.ts';
import { uuid } from '../validators/uuid.ts';
import { refused, type ValueType } from '../value-type.ts';

const { fromQuery } = oneOfIntegers([4, 6]);

/** Versions of a network's subnets; only a filter. */
const ipVersions: ValueType<readonly (4 | 6)[]> = {
  name: 'ip versions',
  schema: { type: 'array', items: { type: 'integer', enum: [4, 6] } },
  filterBy: 'member',
  parse: () => refused('subnets say which versions they have'),
  ...(fromQuery === undefined ? {} : { fromQuery }),
};

/**
 * The addresses of one network: how many its subnets have (in their allocation pools, or in all where there is none) and
 * how many are taken. A filter on `ip_version` also leaves other subnets out of the sums.
 */
export const networkIpAvailability = defineResource({
  name: 'network_ip_availability',
  collection: 'network_ip_availabilities',
  path: 'network-ip-availabilities',
  alias: 'network-ip-availability',
  operations: ['list', 'show'],
  key: 'network_id',
  attributes: {
    network_id: readOnly(uuid, { filter: true, sort: true }),
    network_name: readOnly(string(NAME_LENGTH), { filter: true }),
    project_id: readOnly(string(PROJECT_ID_LENGTH), { filter: true }),
    total_ips: readOnly(addressCount),
    used_ips: readOnly(addressCount),
    subnet_ip_availability: readOnly(subnetIpAvailability),
    ip_version: readOnly(ipVersions, { visible: false, filter: true }),
    ...networkIpAvailabilityDetails.attributes.network_ip_availability,
  },
  rules: {
    get_network_ip_availability: ADMIN_OR_SERVICE,
  },
});

export type NetworkIpAvailability = ResourceOf<typeof networkIpAvailability>;
