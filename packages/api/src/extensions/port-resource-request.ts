import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { resourceRequest } from '../validators/resource-request.ts';

/** What a port needs of its host, for Placement. */
export const portResourceRequest = defineExtension({
  alias: 'port-resource-request',
  name: 'Port Resource Request',
  description: 'Expose resource request to Port',
  updated: '2018-05-08T10:00:00-00:00',
  attributes: { port: { resource_request: readOnly(resourceRequest, { readPolicy: true }) } },
});
