import { randomUUID } from 'node:crypto';
import type { AuditRecord } from './trail.ts';

/** `create`, `update/add_router_interface`. */
const actionOf = ({ action, target }: AuditRecord): string =>
  target.operation === undefined ? action : `${action}/${target.operation}`;

const outcomeOf = ({ status }: AuditRecord): 'success' | 'failure' => (status < 400 ? 'success' : 'failure');

/** One flat object a record. */
export const plainForm = (record: AuditRecord): object => ({
  time: record.time.toISOString(),
  requestId: record.requestId,
  globalRequestId: record.globalRequestId,
  userId: record.caller?.userId,
  userName: record.caller?.userName,
  projectId: record.caller?.projectId,
  roles: record.caller?.roles,
  systemScope: record.caller?.systemScope,
  serviceRoles: record.caller?.serviceRoles,
  source: record.source,
  action: actionOf(record),
  resource: record.target.type,
  ids: record.ids,
  outcome: outcomeOf(record),
  status: record.status,
  reason: record.reason,
  method: record.method,
  path: record.path,
});

const UNKNOWN = 'unknown';

const initiatorOf = ({ caller, source, requestId, globalRequestId }: AuditRecord): object => ({
  typeURI: 'service/security/account/user',
  id: caller?.userId || UNKNOWN,
  name: caller?.userName || UNKNOWN,
  project_id: caller?.projectId,
  domain_id: caller?.domainId,
  roles: caller?.roles,
  host: { address: source },
  request_id: requestId,
  global_request_id: globalRequestId,
});

/** The event of DMTF's Cloud Auditing Data Federation (DSP0262 1.0), with the names that OpenStack's services use. */
export const cadfForm = (record: AuditRecord): object => {
  const { target, ids } = record;
  const objects = ids.map((id) => ({ typeURI: `network/${target.type}`, id }));
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: randomUUID(),
    eventType: 'activity',
    eventTime: record.time.toISOString().replace('Z', '+00:00'),
    action: actionOf(record),
    outcome: outcomeOf(record),
    reason: { reasonType: 'HTTP', reasonCode: String(record.status) },
    initiator: initiatorOf(record),
    target: objects.length === 1 ? objects[0] : { typeURI: `network/${target.type}`, id: UNKNOWN },
    ...(objects.length > 1
      ? { attachments: [{ typeURI: 'application/json', name: 'targets', content: objects }] }
      : {}),
    observer: { typeURI: 'service/network', id: 'ovenbird', name: 'ovenbird' },
    requestPath: record.path,
  };
};
