import {
  type AllowedAddressPair,
  type Port,
  type ResourceRequest,
  ServicePortInUse,
  UnsupportedPortDeviceOwner,
} from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { isL3Owned, isRouterPort, isTrusted } from '../../ipam/device-owner.ts';
import { changeBinding } from '../../ml2/binding-state.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { reassign } from '../qos/assignment.ts';
import { resourceRequestsOf } from '../qos/resource-request.ts';
import { completePairs, pairRows } from './address-pairs.ts';
import type { PortUpdate } from './bodies.ts';
import { changeAddresses } from './change-addresses.ts';
import { changedMac } from './change-mac.ts';
import type { PortDependencies } from './dependencies.ts';
import { mergeDhcpOptions } from './dhcp-options.ts';
import { namesOf } from './dns.ts';
import { lostRace } from './lost-race.ts';
import { checkRouterDevices, type PortDevice } from './router-device.ts';
import { checkSecurityGroups } from './security-groups.ts';
import { changedTraits, traitsText, withTrustInProfile } from './traits.ts';

const securedBy = async (
  deps: PortDependencies,
  { tx }: WriteStep,
  port: Port,
  body: PortUpdate,
): Promise<boolean> => {
  const values: { [attribute: string]: unknown } = {};
  const requested = { ...body };
  await deps.extensions.port({ action: 'update', original: port, requested, values, reader: tx }, tx);
  const secured = values.port_security_enabled;
  return typeof secured === 'boolean' ? secured : port.port_security_enabled;
};

const changeGroups = async (step: WriteStep, port: Port, body: PortUpdate): Promise<readonly string[]> => {
  if (body.security_groups === undefined) return port.security_groups;
  const groups = isTrusted(body.device_owner ?? '') ? [] : [...new Set(body.security_groups)].sort();
  const had = new Set(port.security_groups);
  if (groups.length === had.size && groups.every((id) => had.has(id))) return port.security_groups;
  await checkSecurityGroups(step, [{ projectId: port.project_id, groups }]);
  const { tx } = step;
  await tx.query.deleteFrom('port_security_groups').where('port_id', '=', port.id).execute();
  await insertRows(
    tx,
    'port_security_groups',
    groups.map((id) => ({ port_id: port.id, security_group_id: id })),
  );
  return groups;
};

const samePairs = (a: readonly AllowedAddressPair[], b: readonly AllowedAddressPair[]): boolean =>
  a.length === b.length &&
  a.every(
    (pair, index) => pair.ip_address === b[index]?.ip_address && pair.mac_address === b[index]?.mac_address,
  );

const changePairs = async (
  { tx }: WriteStep,
  port: Port,
  body: PortUpdate,
  macAddress: string,
): Promise<readonly AllowedAddressPair[]> => {
  if (body.allowed_address_pairs === undefined) return port.allowed_address_pairs;
  const pairs = completePairs(body.allowed_address_pairs, macAddress);
  if (samePairs(pairs, port.allowed_address_pairs)) return port.allowed_address_pairs;
  await tx.query.deleteFrom('allowed_address_pairs').where('port_id', '=', port.id).execute();
  await insertRows(tx, 'allowed_address_pairs', pairRows(port.id, port.network_id, pairs));
  return pairs;
};

/** The binding attributes after the update; a port that was unbound by it has nothing plugged and is DOWN. */
const changePlug = async (
  { tx }: WriteStep,
  port: Port,
  body: PortUpdate,
): Promise<
  Pick<Port, `binding:${'host_id' | 'vnic_type' | 'profile' | 'vif_type' | 'vif_details'}` | 'status'>
> => {
  const unbound = await changeBinding(tx, port, body);
  return {
    'binding:host_id': body['binding:host_id'] ?? port['binding:host_id'],
    'binding:vnic_type': body['binding:vnic_type'] ?? port['binding:vnic_type'],
    'binding:profile':
      body['binding:profile'] === undefined ? port['binding:profile'] : (body['binding:profile'] ?? {}),
    'binding:vif_type': unbound ? 'unbound' : port['binding:vif_type'],
    'binding:vif_details': unbound ? {} : port['binding:vif_details'],
    status: unbound ? 'DOWN' : port.status,
  };
};

const store = async ({ tx }: WriteStep, port: Port): Promise<void> => {
  await tx.query
    .updateTable('ports')
    .set({
      name: port.name,
      description: port.description,
      mac_address: port.mac_address,
      admin_state_up: flagOf(port.admin_state_up),
      status: port.status,
      device_id: port.device_id,
      device_owner: port.device_owner,
      port_security_enabled: flagOf(port.port_security_enabled),
      extra_dhcp_opts: JSON.stringify(port.extra_dhcp_opts),
      dns_name: port.dns_name,
      dns_domain: port.dns_domain,
      traits: traitsText(port),
      updated_at: port.updated_at,
      revision_number: port.revision_number,
    })
    .where('id', '=', port.id)
    .execute();
};

const hostIn = (body: PortUpdate, port: Port): string =>
  body['binding:host_id'] === undefined ? port['binding:host_id'] : (body['binding:host_id'] ?? '');

const isSame = (a: Port, b: Port): boolean => JSON.stringify(a) === JSON.stringify(b);

const requestOf = async (tx: Transaction, port: Port): Promise<ResourceRequest | null> => {
  const { id, network_id: networkId, 'binding:vnic_type': vnicType } = port;
  const policyId = port.qos_policy_id ?? port.qos_network_policy_id;
  return (await resourceRequestsOf(tx, [{ id, networkId, vnicType, policyId }])).get(id) ?? null;
};

/** Throws ApiError 409 where a router or floating IP has the port, or it would pass for the port of another's router. */
const checkDevice = async (
  { isHeldByL3 }: PortDependencies,
  step: WriteStep,
  port: Port,
  device: PortDevice,
): Promise<void> => {
  if (isL3Owned(port.device_owner) && (await isHeldByL3?.(step.tx, port)) === true) {
    const { id, device_owner: deviceOwner } = port;
    throw UnsupportedPortDeviceOwner({ op: 'device update', id, deviceOwner });
  }
  await checkRouterDevices(step, [device]);
};

/** Throws ApiError 409 where a router needs an address that went, 400 where a floating IP does. */
const checkReaddressed = async (
  { followers }: PortDependencies,
  step: WriteStep,
  port: Port,
): Promise<void> => {
  if (port.fixed_ips.length === 0 && port.device_id !== '' && isRouterPort(port.device_owner))
    throw ServicePortInUse({ id: port.id, reason: 'Router port must have at least one IP.' });
  await followers?.readdressed(step, port, port.fixed_ips);
};

/**
 * Update one port. An update that changes nothing leaves revision and time stamp alone.
 *
 * @throws ApiError as the rules of ports say; nothing is stored then
 */
export const updatePort = async (
  deps: PortDependencies,
  step: WriteStep,
  port: Port,
  asked: PortUpdate,
): Promise<Port> => {
  const body = withTrustInProfile(port, asked);
  const deviceOwner = body.device_owner ?? port.device_owner;
  const deviceId = body.device_id ?? port.device_id;
  if (deviceOwner !== port.device_owner || deviceId !== port.device_id)
    await checkDevice(deps, step, port, { deviceId, deviceOwner, projectId: port.project_id });
  const secured = await securedBy(deps, step, port, body);
  const macAddress = await changedMac(deps, step.tx, port, body);
  const addresses = { macAddress, deviceOwner, fixedIps: body.fixed_ips, host: hostIn(body, port) };
  const next: Port = {
    ...port,
    name: body.name ?? port.name,
    description: body.description ?? port.description,
    admin_state_up: body.admin_state_up ?? port.admin_state_up,
    device_id: body.device_id ?? port.device_id,
    device_owner: deviceOwner,
    mac_address: macAddress,
    ...namesOf(body, port, deps.config.dnsDomain),
    ...changedTraits(port, body),
    port_security_enabled: secured,
    fixed_ips: await changeAddresses(step, port, addresses, deps.random),
    security_groups: await changeGroups(step, port, body),
    allowed_address_pairs: await changePairs(step, port, body, macAddress),
    extra_dhcp_opts:
      body.extra_dhcp_opts === undefined
        ? port.extra_dhcp_opts
        : mergeDhcpOptions(port.extra_dhcp_opts, body.extra_dhcp_opts),
    qos_policy_id: await reassign(step, 'port', port, body.qos_policy_id),
    ...(await changePlug(step, port, body)),
  };
  if (isSame(port, next)) return port;
  const request = await requestOf(step.tx, next);
  if (next.fixed_ips !== port.fixed_ips) await checkReaddressed(deps, step, next);
  const revised = {
    ...next,
    resource_request: request,
    updated_at: step.tx.now,
    revision_number: port.revision_number + 1,
  };
  try {
    await store(step, revised);
  } catch (error) {
    throw lostRace(error);
  }
  step.changes.record({ kind: 'port', action: 'update', id: port.id, original: port, current: revised });
  return revised;
};
