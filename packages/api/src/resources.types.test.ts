import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateOf, ResourceOf, UpdateOf } from './define.ts';
import type { Agent } from './resources/agent.ts';
import type { network } from './resources/network.ts';
import type { port } from './resources/port.ts';
import type { AllowedAddressPair, AllowedAddressPairRequest } from './validators/allowed-address-pairs.ts';
import type { ExtraDhcpOpt } from './validators/extra-dhcp-opts.ts';
import type { FixedIp, FixedIpRequest } from './validators/fixed-ips.ts';
import type { VnicType } from './validators/port-binding.ts';
import type { Segment } from './validators/segments.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(proof: T): T => proof;

type Port = ResourceOf<typeof port>;
type PortCreate = CreateOf<typeof port>;
type PortUpdate = UpdateOf<typeof port>;
type Network = ResourceOf<typeof network>;

test('the types of bodies and resources follow from the tables', () => {
  const proofs = [
    holds<Same<Port['fixed_ips'], readonly FixedIp[]>>(true),
    holds<Same<Port['allowed_address_pairs'], readonly AllowedAddressPair[]>>(true),
    holds<Same<Port['extra_dhcp_opts'], readonly ExtraDhcpOpt[]>>(true),
    holds<Same<Port['binding:vnic_type'], VnicType>>(true),
    holds<Same<Port['security_groups'], readonly string[]>>(true),
    holds<Same<Port['admin_state_up'], boolean>>(true),
    holds<Same<Port['tags'], readonly string[]>>(true),
    holds<Same<Port['revision_number'], number>>(true),
    holds<Same<PortCreate['network_id'], string>>(true),
    holds<Same<PortCreate['fixed_ips'], readonly FixedIpRequest[] | undefined>>(true),
    holds<Same<PortCreate['allowed_address_pairs'], readonly AllowedAddressPairRequest[] | undefined>>(true),
    holds<Same<PortCreate['name'], string>>(true),
    holds<Same<PortCreate['project_id'], string | undefined>>(true),
    holds<Same<Extract<keyof PortCreate, 'id' | 'status' | 'binding:vif_type' | 'created_at'>, never>>(true),
    holds<Same<Extract<keyof PortUpdate, 'id' | 'network_id' | 'project_id' | 'tags' | 'status'>, never>>(
      true,
    ),
    holds<Same<PortUpdate['name'], string | undefined>>(true),
    holds<Same<PortUpdate['fixed_ips'], readonly FixedIpRequest[] | undefined>>(true),
    holds<Same<Network['provider:segmentation_id'], number | null | undefined>>(true),
    holds<Same<Network['segments'], readonly Segment[] | undefined>>(true),
    holds<Same<CreateOf<typeof network>['provider:segmentation_id'], number | undefined>>(true),
    holds<Same<CreateOf<typeof network>['shared'], boolean>>(true),
    holds<Same<Agent['description'], string | null>>(true),
  ];
  assert.ok(proofs.every(Boolean));
});

test('wrong bodies do not compile', () => {
  const update = (body: PortUpdate): readonly string[] => Object.keys(body);
  assert.deepEqual(update({ name: 'x' }), ['name']);
  // @ts-expect-error network_id cannot be changed
  assert.deepEqual(update({ network_id: 'x' }), ['network_id']);
  // @ts-expect-error a fixed IP has no such key
  assert.deepEqual(update({ fixed_ips: [{ address: 'x' }] }), ['fixed_ips']);
  // @ts-expect-error a create needs network_id
  const incomplete: PortCreate = { name: 'x' };
  assert.equal(incomplete.name, 'x');
});
