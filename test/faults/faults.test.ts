import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { network, port, type ResourceDefinition, securityGroup, subnet } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { PortLoad } from './load.ts';
import { openService, type Service } from './service.ts';

let service: Service;
before(async () => {
  service = await openService();
});
after(() => service[Symbol.asyncDispose]());

async function made(definition: ResourceDefinition, body: object): Promise<string> {
  const { status, id } = await service.create(definition, body);
  assert.equal(status, 201);
  assert.ok(id);
  return id;
}

/** Everything that was answered 2xx is so, and OVN agrees. */
async function assertKept(promises: PortLoad): Promise<void> {
  const ids = await service.ids(port);
  for (const id of promises.there) assert.ok(ids.has(id), `port ${id} was promised and is gone`);
  for (const id of promises.gone) assert.ok(!ids.has(id), `port ${id} was deleted and is back`);
  await service.assertConsistent();
}

/** Requests that succeed between two kills. */
const ENOUGH = 30;

for (const fate of ['goes on', 'is killed too'] as const) {
  it(`kill -9 of the service after the SQL commit and before the NB commit, when the NB server ${fate}`, async () => {
    const net = await made(network, { name: `between-${fate}` });
    await made(subnet, { network_id: net, ip_version: 4, cidr: '10.80.0.0/24' });
    const doomed = await made(port, { network_id: net, name: 'doomed' });
    service.lab.central.pauseDatabase('nb', true);
    const pending = [
      service.create(network, { name: `pending-${fate}` }),
      service.create(port, { network_id: net, name: `pending-${fate}` }),
      service.create(securityGroup, { name: `pending-${fate}` }),
      service.remove(port, doomed),
    ];
    await until('SQL commit', () => {
      const here = ['networks', 'ports', 'security_groups'].every(
        (table) => service.countRows(table, `name = 'pending-${fate}'`) === 1,
      );
      return here && service.countRows('ports', `id = '${doomed}'`) === 0;
    });
    assert.ok(service.countRows('journal', 'true') > 0);
    await service.end('SIGKILL');
    await Promise.all(pending);
    if (fate === 'is killed too') await service.lab.central.restartDatabase('nb');
    else service.lab.central.pauseDatabase('nb', false);
    assert.equal(service.countRows('ports', `name = 'pending-${fate}'`), 1);
    await service.start();
    assert.equal((await service.ids(port)).has(doomed), false);
    await service.assertConsistent();
    assert.equal(service.countRows('journal', 'true'), 0);
  });
}

for (const which of ['nb', 'sb'] as const) {
  it(`kill -9 of the ${which} ovsdb-server during creates and deletes`, async () => {
    const net = await made(network, { name: `load-${which}` });
    await made(subnet, { network_id: net, ip_version: 4, cidr: '10.81.0.0/16' });
    await using load = new PortLoad(service, net);
    for (let round = 0; round < 3; round++) {
      await load.more(ENOUGH);
      await service.lab.central.restartDatabase(which);
    }
    await load.more(ENOUGH);
    await load.end();
    assert.deepEqual([...load.statuses.keys()].sort(), [201, 204]);
    await assertKept(load);
  });
}

it('kill -9 of the service during creates and deletes, again and again', async () => {
  const net = await made(network, { name: 'load-service' });
  await made(subnet, { network_id: net, ip_version: 4, cidr: '10.82.0.0/16' });
  await using load = new PortLoad(service, net);
  for (let round = 0; round < 3; round++) {
    await load.more(ENOUGH);
    await service.end('SIGKILL');
    await service.start();
  }
  await load.more(ENOUGH);
  await load.end();
  await assertKept(load);
});
