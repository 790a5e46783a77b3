import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';

const RULES = `
context_is_admin: role:service
service_api: "!"
get_quota: role:member
context_with_global_access: role:auditor
get_router: role:auditor or project_id:%(project_id)s
context_can_set_project_id: role:founder
create_address_scope: role:founder or project_id:%(project_id)s
`;

let directory: string;
let service: ApiService;
/** Administers by the file's rule, without the role `admin`. */
let boss: Persona;
/** Has the role `admin`, which means no more than `member` here. */
let pretender: Persona;
let reader: Persona;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ovenbird-rules-'));
  const file = join(directory, 'policy.yaml');
  await writeFile(file, RULES);
  service = await startApiService({
    databaseUrl: `sqlite:${join(directory, 'ovenbird.db')}`,
    settings: { policy: { file } },
  });
  boss = await service.persona('bea', 'offices', ['service', 'reader']);
  pretender = await service.persona('pia', 'cellar', ['admin']);
  reader = await service.persona('ray', 'garden', ['reader']);
});
after(async () => {
  await service[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const told = async (who: Persona, path: string): Promise<readonly unknown[]> => {
  const { status, body } = await who.ask('GET', path);
  return [status, body.NeutronError?.type];
};

test('drivers of a type of rules are told to whom the rules call an administrator', async () => {
  assert.deepEqual(await told(boss, 'qos/rule-types/dscp_marking'), [200, undefined]);
  assert.deepEqual(await told(pretender, 'qos/rule-types/dscp_marking'), [403, 'PolicyNotAuthorized']);
});

test('whose pools of floating IPs are listed follows the same rule', async () => {
  const { id } = (await boss.ask('POST', 'networks', { network: {} })).body.network;
  const subnet = { network_id: id, ip_version: 4, cidr: '203.0.113.0/24' };
  assert.equal((await boss.ask('POST', 'subnets', { subnet })).status, 201);
  // External for one project only, so that being an administrator is what decides about the others.
  const rbac_policy = {
    object_type: 'network',
    object_id: id,
    action: 'access_as_external',
    target_tenant: reader.projectId,
  };
  assert.equal((await boss.ask('POST', 'rbac-policies', { rbac_policy })).status, 201);
  const pools = async (who: Persona): Promise<number> =>
    (await who.ask('GET', 'floatingip-pools')).body.floatingip_pools.length;
  assert.deepEqual([await pools(boss), await pools(pretender), await pools(reader)], [1, 0, 1]);
});

test('quotas of other projects and their use go by one rule', async () => {
  const { projectId } = boss;
  for (const path of [`quotas/${projectId}`, `quotas/${projectId}/default`, `quotas/${projectId}/details`]) {
    assert.deepEqual(await told(pretender, path), [200, undefined], path);
    const [status] = await told(reader, path);
    assert.equal(status, 403, path);
  }
});

const made = async (path: string, name: string, body: object): Promise<string> => {
  const answer = await boss.ask('POST', path, { [name]: body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body[name].id;
};
const listed = async (who: Persona, path: string): Promise<readonly string[]> => {
  const { body } = await who.ask('GET', path);
  const [found]: (readonly { readonly id: string }[])[] = Object.values(Object(body));
  return found?.map(({ id }) => id) ?? [];
};

test('who has global access sees the objects of all projects that the rules let it read, and no others', async () => {
  const auditor = await service.persona('ada', 'attic', ['auditor']);
  const router = await made('routers', 'router', {});
  const pool = await made('subnetpools', 'subnetpool', { name: 'pool', prefixes: ['10.0.0.0/8'] });
  assert.deepEqual(await listed(auditor, 'routers'), [router]);
  assert.deepEqual(await told(auditor, `routers/${router}`), [200, undefined]);
  assert.deepEqual(await listed(auditor, 'subnetpools'), []);
  assert.deepEqual(await told(auditor, `subnetpools/${pool}`), [404, 'SubnetPoolNotFound']);
  assert.equal((await auditor.ask('PUT', `routers/${router}`, { router: { name: 'mine' } })).status, 403);
  assert.deepEqual(await listed(reader, 'routers'), []);
});

test('the role of advanced services sees networks and tags of ports of all projects', async () => {
  const balancer = await service.persona('bob', 'attic', ['advsvc']);
  const network = await made('networks', 'network', {});
  assert.ok((await listed(balancer, 'networks')).includes(network));
  assert.ok(!(await listed(reader, 'networks')).includes(network));
  const port = { network_id: network, project_id: balancer.projectId };
  assert.equal((await balancer.ask('POST', 'ports', { port })).status, 403);
});

test('who may name projects makes objects for others where the rules allow it', async () => {
  const founder = await service.persona('flo', 'attic', ['founder']);
  const body = { address_scope: { ip_version: 4, project_id: reader.projectId } };
  const answer = await founder.ask('POST', 'address-scopes', body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.body.address_scope.project_id, reader.projectId);
  assert.equal((await pretender.ask('POST', 'address-scopes', body)).status, 400);
});
