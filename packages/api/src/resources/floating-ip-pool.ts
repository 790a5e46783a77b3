import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_PROJECT_READER } from '../policy-rules.ts';
import { NAME_LENGTH, PROJECT_ID_LENGTH } from '../standard-attributes.ts';
import { cidr } from '../validators/cidr.ts';
import { string } from '../validators/string.ts';
import { uuid } from '../validators/uuid.ts';

/** An IPv4 subnet of an external network that floating IPs can come from. Its project is that of whoever asks. */
export const floatingIpPool = defineResource({
  name: 'floatingip_pool',
  collection: 'floatingip_pools',
  path: 'floatingip-pools',
  otherPath: 'floatingip_pools',
  alias: 'floatingip-pools',
  operations: ['list'],
  key: 'subnet_id',
  attributes: {
    subnet_id: readOnly(uuid, { filter: true, sort: true }),
    subnet_name: readOnly(string(NAME_LENGTH), { filter: true, sort: true }),
    network_id: readOnly(uuid, { filter: true, sort: true }),
    cidr: readOnly(cidr, { filter: true, sort: true }),
    project_id: readOnly(string(PROJECT_ID_LENGTH), { filter: true }),
  },
  rules: { get_floatingip_pool: ADMIN_OR_PROJECT_READER },
});

export type FloatingIpPool = ResourceOf<typeof floatingIpPool>;
