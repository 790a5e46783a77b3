import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

interface Cast {
  readonly admin: Persona;
  readonly member: Persona;
  readonly reader: Persona;
  readonly stranger: Persona;
  readonly service: Persona;
}

const created = async (persona: Persona, path: string, body: unknown) => {
  const answer = await persona.ask('POST', path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return Object.values(answer.body)[0] as { readonly id: string; readonly [name: string]: unknown };
};

forEachDialect('what callers may do', (databases) => {
  let service: ApiService;
  let cast: Cast;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    cast = {
      admin: await service.persona('root', 'operations', ['admin']),
      member: await service.persona('mia', 'red', ['member']),
      reader: await service.persona('ray', 'red', ['reader']),
      stranger: await service.persona('sam', 'blue', ['member']),
      service: await service.persona('nova', 'service', ['service']),
    };
  });
  after(() => service[Symbol.asyncDispose]());

  const status = async (persona: Persona, method: string, path: string, body?: unknown): Promise<number> =>
    (await persona.ask(method, path, body)).status;

  test('a project has its own networks: readers look, members change, strangers see nothing', async () => {
    const { admin, member, reader, stranger } = cast;
    const { id, project_id, tenant_id } = await created(member, 'networks', { network: { name: 'n' } });
    assert.equal(project_id, member.projectId);
    assert.equal(tenant_id, member.projectId);
    const path = `networks/${id}`;
    assert.equal(await status(reader, 'GET', path), 200);
    assert.equal(await status(stranger, 'GET', path), 404);
    assert.equal(await status(reader, 'PUT', path, { network: { name: 'x' } }), 403);
    assert.equal(await status(stranger, 'PUT', path, { network: { name: 'x' } }), 404);
    assert.equal(await status(reader, 'POST', 'networks', { network: {} }), 403);
    assert.equal(await status(stranger, 'DELETE', path), 404);
    assert.equal(await status(reader, 'DELETE', path), 403);
    assert.equal(await status(admin, 'PUT', path, { network: { name: 'y' } }), 200);
    const names = async (persona: Persona) =>
      (await persona.ask('GET', 'networks')).body.networks.map((n: { id: string }) => n.id);
    assert.ok((await names(reader)).includes(id));
    assert.ok((await names(admin)).includes(id));
    assert.equal((await names(stranger)).includes(id), false);
    assert.equal(await status(member, 'DELETE', path), 204);
    assert.equal(await status(member, 'GET', path), 404);
  });

  test('guarded attributes: refused in writes, absent in answers, silent in filters and sorts', async () => {
    const { admin, member } = cast;
    const vlan = {
      'provider:network_type': 'vlan',
      'provider:physical_network': 'physnet',
      'provider:segmentation_id': 150,
    };
    const refused = await member.ask('POST', 'networks', { network: vlan });
    assert.equal(refused.status, 403);
    assert.equal(refused.body.NeutronError.type, 'PolicyNotAuthorized');
    assert.equal(await status(member, 'POST', 'networks', { network: { shared: true } }), 403);
    assert.equal(
      await status(member, 'POST', 'networks', { network: { shared: false, 'router:external': false } }),
      201,
    );
    const { id } = await created(admin, 'networks', { network: { ...vlan, project_id: member.projectId } });
    const seen = (await member.ask('GET', `networks/${id}`)).body.network;
    assert.equal('provider:segmentation_id' in seen, false);
    assert.equal((await admin.ask('GET', `networks/${id}`)).body.network['provider:segmentation_id'], 150);
    const fields = (await member.ask('GET', `networks/${id}?fields=provider:segmentation_id&fields=id`)).body
      .network;
    assert.deepEqual(fields, { id });
    const filter = 'networks?provider:segmentation_id=150';
    assert.equal((await admin.ask('GET', filter)).body.networks.length, 1);
    assert.deepEqual((await member.ask('GET', filter)).body.networks, []);
    assert.equal(await status(member, 'PUT', `networks/${id}`, { network: { shared: true } }), 403);
  });

  test('only administrators and services make things for another project', async () => {
    const { admin, member, stranger } = cast;
    const body = { network: { project_id: stranger.projectId } };
    const refused = await member.ask('POST', 'networks', body);
    assert.equal(refused.status, 400);
    assert.equal(refused.body.NeutronError.type, 'HTTPBadRequest');
    const { id, project_id } = await created(admin, 'networks', {
      network: { tenant_id: stranger.projectId },
    });
    assert.equal(project_id, stranger.projectId);
    assert.equal(await status(stranger, 'GET', `networks/${id}`), 200);
  });

  test('ports and subnets on networks of others: unseen 404, seen but not owned 403, shared allowed', async () => {
    const { admin, member, stranger } = cast;
    const { id } = await created(member, 'networks', { network: { name: 'private' } });
    const subnet = { subnet: { network_id: id, ip_version: 4, cidr: '10.1.0.0/24' } };
    const unseen = await stranger.ask('POST', 'subnets', subnet);
    assert.equal(unseen.status, 404);
    assert.equal(unseen.body.NeutronError.type, 'NetworkNotFound');
    assert.equal(await status(stranger, 'POST', 'ports', { port: { network_id: id } }), 404);
    const none = { port: { network_id: '00000000-0000-4000-8000-000000000000' } };
    assert.equal((await member.ask('POST', 'ports', none)).body.NeutronError.type, 'NetworkNotFound');
    assert.equal((await admin.ask('POST', 'ports', none)).body.NeutronError.type, 'NetworkNotFound');
    await created(member, 'subnets', subnet);
    assert.equal(await status(admin, 'PUT', `networks/${id}`, { network: { shared: true } }), 200);
    assert.equal(await status(stranger, 'GET', `networks/${id}`), 200);
    assert.equal(
      await status(stranger, 'POST', 'subnets', {
        subnet: { network_id: id, ip_version: 4, cidr: '10.2.0.0/24' },
      }),
      403,
    );
    const port = await created(stranger, 'ports', { port: { network_id: id } });
    assert.equal(port.project_id, stranger.projectId);
    assert.equal(
      await status(stranger, 'POST', 'ports', { port: { network_id: id, mac_address: 'fa:16:3e:11:22:33' } }),
      403,
    );
    assert.equal(
      await status(stranger, 'POST', 'ports', {
        port: { network_id: id, fixed_ips: [{ ip_address: '10.1.0.77' }] },
      }),
      403,
    );
    // The network's owner sees the ports of others on it, and may delete them.
    assert.equal(await status(member, 'GET', `ports/${port.id}`), 200);
    assert.equal(await status(member, 'PUT', `ports/${port.id}`, { port: { name: 'x' } }), 403);
    assert.equal(await status(member, 'DELETE', `ports/${port.id}`), 204);
  });

  test('subnets are shared with whom their network is given, and found as such', async () => {
    const { admin, member, stranger, reader } = cast;
    const { id } = await created(member, 'networks', { network: {} });
    const body = { subnet: { network_id: id, ip_version: 4, cidr: '10.83.0.0/24' } };
    const subnet = await created(member, 'subnets', body);
    const grant = { object_type: 'network', object_id: id, action: 'access_as_shared' };
    await created(admin, 'rbac-policies', { rbac_policy: { ...grant, target_tenant: stranger.projectId } });
    const shared = async (persona: Persona, wanted: boolean) =>
      (await persona.ask('GET', `subnets?id=${subnet.id}&shared=${wanted}`)).body.subnets.length;
    assert.deepEqual([await shared(stranger, true), await shared(stranger, false)], [1, 0]);
    assert.deepEqual([await shared(reader, true), await shared(reader, false)], [0, 1]);
    assert.deepEqual([await shared(admin, true), await shared(admin, false)], [0, 1]);
  });

  test('a service makes ports that pass for interfaces of routers of their own project only', async () => {
    const { member, stranger, service: nova } = cast;
    const { id: network_id } = await created(member, 'networks', { network: {} });
    const { id: device_id } = await created(member, 'routers', { router: {} });
    const port = { network_id, device_id, device_owner: 'network:router_interface' };
    const make = (project_id: string) => status(nova, 'POST', 'ports', { port: { ...port, project_id } });
    assert.equal(await make(member.projectId), 201);
    assert.equal(await make(stranger.projectId), 409);
    const { id } = await created(nova, 'ports', { port: { network_id, project_id: member.projectId } });
    const { device_owner } = port;
    assert.equal(await status(nova, 'PUT', `ports/${id}`, { port: { device_id, device_owner } }), 200);
    const foreign = await created(nova, 'ports', { port: { network_id, project_id: stranger.projectId } });
    const update = { port: { device_id, device_owner } };
    assert.equal(await status(nova, 'PUT', `ports/${foreign.id}`, update), 409);
  });

  test('binding attributes are for services', async () => {
    const { member, service: nova } = cast;
    const { id } = await created(member, 'networks', { network: {} });
    assert.equal(
      await status(member, 'POST', 'ports', { port: { network_id: id, 'binding:host_id': 'h' } }),
      403,
    );
    const port = await created(member, 'ports', { port: { network_id: id } });
    assert.equal('binding:host_id' in port, false);
    assert.equal(port['binding:vnic_type'], 'normal');
    const bound = await nova.ask('PUT', `ports/${port.id}`, {
      port: { 'binding:host_id': 'h', device_owner: 'compute:nova' },
    });
    assert.equal(bound.status, 200, JSON.stringify(bound.body));
    assert.equal(bound.body.port['binding:host_id'], 'h');
    assert.equal(await status(member, 'GET', `ports/${port.id}/bindings`), 200);
    assert.deepEqual((await member.ask('GET', `ports/${port.id}/bindings`)).body.bindings, []);
    assert.equal((await nova.ask('GET', `ports/${port.id}/bindings`)).body.bindings[0].host, 'h');
    assert.equal((await member.ask('GET', `ports/${port.id}/bindings/h`)).status, 404);
    assert.equal(
      (await cast.stranger.ask('GET', `ports/${port.id}/bindings`)).body.NeutronError.type,
      'PortNotFound',
    );
  });

  test('security groups belong to projects, each with its default group', async () => {
    const { member, reader, stranger } = cast;
    const groups = (await reader.ask('GET', 'security-groups')).body.security_groups;
    assert.deepEqual(
      groups.map((group: { name: string }) => group.name),
      ['default'],
    );
    assert.equal(groups[0].security_group_rules.length, 4);
    const { id } = await created(member, 'security-groups', { security_group: { name: 'web' } });
    const rule = {
      security_group_rule: {
        security_group_id: id,
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: 80,
        port_range_max: 80,
      },
    };
    assert.equal(await status(stranger, 'POST', 'security-group-rules', rule), 404);
    assert.equal(await status(reader, 'POST', 'security-group-rules', rule), 403);
    const made = await created(member, 'security-group-rules', rule);
    assert.equal(await status(stranger, 'GET', `security-group-rules/${made.id}`), 404);
    assert.equal(await status(reader, 'GET', `security-group-rules/${made.id}`), 200);
    assert.equal(await status(stranger, 'DELETE', `security-group-rules/${made.id}`), 404);
    assert.equal(await status(member, 'DELETE', `security-group-rules/${made.id}`), 204);
  });

  describe('without a good token', () => {
    test('401 in the identity service form, and nothing is told', async () => {
      for (const token of [undefined, 'x', 'ovl1.e30.x']) {
        const headers = token === undefined ? {} : { 'x-auth-token': token };
        const answer = await service.ask('GET', 'networks', undefined, headers);
        assert.equal(answer.status, 401);
        assert.equal(answer.body.error.code, 401);
        assert.match(
          answer.headers['www-authenticate'] ?? '',
          /^Keystone uri="http:\/\/127\.0\.0\.1:\d+\/v3"$/,
        );
      }
      assert.equal((await service.ask('GET', 'nothing-here')).status, 401);
      assert.equal((await service.ask('POST', 'networks', { network: {} })).status, 401);
    });

    test('headers that claim an identity change nothing', async () => {
      const claims = {
        'x-roles': 'admin',
        'x-project-id': cast.member.projectId,
        'x-user-id': 'u',
        'x-identity-status': 'Confirmed',
      };
      assert.equal((await service.ask('GET', 'networks', undefined, claims)).status, 401);
      const answer = await cast.stranger.ask('GET', 'agents', undefined, claims);
      assert.deepEqual(answer.body.agents ?? [], []);
    });
  });

  test('no token and no password is in the log', () => {
    assert.equal(
      service.log.some((line) => /ovl1\.|password of/.test(line)),
      false,
    );
  });
});
