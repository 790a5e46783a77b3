import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbCluster } from '@ovenbird/ovsdb/testing';
import { connectSouthbound } from '../../packages/server/src/drivers/mech/ovn/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startOvnStack } from './stack.ts';

it('a service that may use followers of the Southbound cluster reads and writes through them, and changes to another', async () => {
  await using cluster = await startOvsdbCluster({ schemaFile: schemaFile(southbound), size: 3 });
  const leader = await cluster.leader();
  const followers = cluster.servers.filter((server) => server !== leader);
  const sbConnection = followers.map((server) => server.endpoint);
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-followers-'));
  using _folder = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const settings = { sbConnection, sbFollowers: true };
  await using stack = await startOvnStack(`sqlite:${path.join(folder, 'ovenbird.db')}`, settings);
  await using controller = await connectAsController({
    ...stack.servers,
    southbound: { ...stack.servers.southbound, endpoint: leader.endpoint },
  });
  await addChassis(controller, { name: 'ch-1', hostname: 'host-1' });
  const agents = async () => (await stack.ask('GET', 'agents')).body.agents;
  await eventually(async () => assert.equal((await agents()).length, 1));
  const described = await stack.ask('PUT', 'agents/ch-1', { agent: { description: 'rack 7' } });
  assert.equal(described.status, 200);
  const sessions = await Promise.all(followers.map((server) => server.control('memory/show')));
  const used = followers.find((_, at) => /sessions:/.test(sessions[at] ?? ''));
  assert.ok(used !== undefined, 'it is connected to a follower');
  await used.kill();
  await addChassis(controller, { name: 'ch-2', hostname: 'host-2' });
  await eventually(async () => assert.equal((await agents()).length, 2));
});

it('without being told so it keeps away from followers', async () => {
  await using cluster = await startOvsdbCluster({ schemaFile: schemaFile(southbound), size: 2 });
  const leader = await cluster.leader();
  const endpoints = cluster.endpoints.filter((endpoint) => endpoint !== leader.endpoint);
  await using client = connectSouthbound({ endpoints });
  await assert.rejects(client.ready(AbortSignal.timeout(1_000)));
});
