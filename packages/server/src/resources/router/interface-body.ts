import { BadRequest, isDict, parseUuid, type Router } from '@ovenbird/api';

/** What an interface request names: a subnet, a port, or on removal both. */
export interface InterfaceRequest {
  readonly subnetId: string | undefined;
  readonly portId: string | undefined;
}

/** The answer to an interface request. */
export interface InterfaceInfo {
  readonly id: string;
  readonly tenant_id: string;
  readonly project_id: string;
  readonly port_id: string;
  readonly network_id: string;
  readonly subnet_id: string;
  readonly subnet_ids: readonly string[];
}

const bad = (msg: string) => BadRequest({ resource: 'router', msg });

const idIn = (body: object, key: string): string | undefined => {
  if (!Object.hasOwn(body, key)) return undefined;
  const id = parseUuid(Reflect.get(body, key));
  if (!id.ok) throw bad(id.reason);
  return id.value;
};

/** Read `{"subnet_id": …}` or `{"port_id": …}`. Throws ApiError BadRequest. */
export const interfaceRequest = (body: unknown, removal: boolean): InterfaceRequest => {
  const given = isDict(body) ? body : {};
  const portId = idIn(given, 'port_id');
  const subnetId = idIn(given, 'subnet_id');
  if (portId === undefined && subnetId === undefined)
    throw bad('Either subnet_id or port_id must be specified');
  if (!removal && portId !== undefined && subnetId !== undefined)
    throw bad('Cannot specify both subnet-id and port-id');
  return { portId, subnetId };
};

/** The answer about a port of a router; `subnetIds` are those that the request was about. */
export const interfaceInfo = (
  router: Router,
  port: { readonly id: string; readonly network_id: string; readonly project_id: string },
  subnetIds: readonly string[],
): InterfaceInfo => ({
  id: router.id,
  tenant_id: port.project_id,
  project_id: port.project_id,
  port_id: port.id,
  network_id: port.network_id,
  subnet_id: subnetIds.at(-1) ?? '',
  subnet_ids: subnetIds,
});
