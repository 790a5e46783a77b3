import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Cluster, startCluster } from './cluster.ts';
import { Answers, type Body, SpreadClient } from './requests.ts';

const CLIENTS = 64;
const ROUNDS = 6;

let cluster: Cluster;
before(async () => {
  cluster = await startCluster(4);
});
after(() => cluster[Symbol.asyncDispose]());

const urls = (): readonly string[] => cluster.members.map((member) => member.url);

/** Run one task for each of many clients at once; what they were answered. */
async function load(task: (client: SpreadClient, index: number) => Promise<void>): Promise<Answers> {
  const answers = new Answers();
  const clients = Array.from({ length: CLIENTS }, (_, index) => new SpreadClient(urls, answers, index));
  await Promise.all(clients.map(task));
  return answers;
}

const text = (body: Body | undefined, name: string): string => {
  const value = body?.[name];
  assert.equal(typeof value, 'string', `${name} of ${JSON.stringify(body)}`);
  return String(value);
};

async function networkWithSubnet(cidr: string): Promise<{ network: string; subnet: string }> {
  const client = new SpreadClient(urls, new Answers());
  const network = text(await client.create('networks', 'network', { name: cidr }), 'id');
  const body = { network_id: network, ip_version: 4, cidr };
  return { network, subnet: text(await client.create('subnets', 'subnet', body), 'id') };
}

const count = async (query: string): Promise<number> => {
  const [row] = await cluster.sql(query);
  return Number(row?.n);
};

it('creates and deletes ports on one subnet', async () => {
  const { network, subnet } = await networkWithSubnet('10.1.0.0/22');
  const answers = await load(async (client, index) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const port = await client.create('ports', 'port', { network_id: network, name: `p${index}` });
      if (round % 2 === 1) await client.send('DELETE', `ports/${text(port, 'id')}`);
    }
  });
  assert.deepEqual(answers.failures, []);
  const kept = (CLIENTS * ROUNDS) / 2;
  assert.equal(await count(`select count(*) as n from ports where network_id = '${network}'`), kept);
  const addresses = `from ip_allocations where subnet_id = '${subnet}'`;
  assert.equal(await count(`select count(*) as n ${addresses}`), kept);
  assert.equal(await count(`select count(distinct ip_address) as n ${addresses}`), kept);
  assert.deepEqual(await cluster.drift(), []);
});

it('creates and deletes rules in one group', async () => {
  const client = new SpreadClient(urls, new Answers());
  const group = text(await client.create('security-groups', 'security_group', { name: 'load' }), 'id');
  const before = await count(
    `select count(*) as n from security_group_rules where security_group_id = '${group}'`,
  );
  const answers = await load(async (each, index) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const range = 1_000 + index * ROUNDS + round;
      const rule = await each.create('security-group-rules', 'security_group_rule', {
        security_group_id: group,
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: range,
        port_range_max: range,
      });
      if (round % 2 === 1) await each.send('DELETE', `security-group-rules/${text(rule, 'id')}`);
    }
  });
  assert.deepEqual(answers.failures, []);
  const now = await count(
    `select count(*) as n from security_group_rules where security_group_id = '${group}'`,
  );
  assert.equal(now, before + (CLIENTS * ROUNDS) / 2);
  assert.deepEqual(await cluster.drift(), []);
});

it('adds and removes interfaces of one router', async () => {
  const client = new SpreadClient(urls, new Answers());
  const router = text(await client.create('routers', 'router', { name: 'load' }), 'id');
  const subnets: string[] = [];
  for (let index = 0; index < CLIENTS; index += 1)
    subnets.push((await networkWithSubnet(`10.2.${index}.0/24`)).subnet);
  const answers = await load(async (each, index) => {
    const body = { subnet_id: subnets[index] };
    for (let round = 0; round < 3; round += 1) {
      await each.send('PUT', `routers/${router}/add_router_interface`, body);
      if (round < 2) await each.send('PUT', `routers/${router}/remove_router_interface`, body);
    }
  });
  assert.deepEqual(answers.failures, []);
  assert.equal(await count(`select count(*) as n from ports where device_id = '${router}'`), CLIENTS);
  assert.deepEqual(await cluster.drift(), []);
});
