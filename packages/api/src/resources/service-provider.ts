import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { READER } from '../policy-rules.ts';
import { boolean } from '../validators/boolean.ts';
import { string } from '../validators/string.ts';

/** Who provides a service above networks, such as routing. */
export const serviceProvider = defineResource({
  name: 'service_provider',
  collection: 'service_providers',
  path: 'service-providers',
  alias: 'service-type',
  operations: ['list'],
  key: 'name',
  attributes: {
    service_type: readOnly(string(64), { filter: true, sort: true }),
    name: readOnly(string(64), { filter: true, sort: true }),
    default: readOnly(boolean, { filter: true }),
  },
  rules: {
    get_service_provider: READER,
  },
});

export type ServiceProvider = ResourceOf<typeof serviceProvider>;
