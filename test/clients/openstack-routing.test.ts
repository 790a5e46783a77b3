import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Clouds, openClouds } from './clouds.ts';
import { type OpenstackCommand, openstackCommand } from './openstack.ts';

let clouds: Clouds;
let command: OpenstackCommand;
const openstack = (cloud: string, words: string) => command.openstack(cloud, words);
const show = (cloud: string, words: string) => command.show(cloud, words);
const list = (cloud: string, words: string) => command.list(cloud, words);
before(async () => {
  clouds = await openClouds();
  command = openstackCommand(clouds);
  await openstack('admin', 'network create --external public');
  const range = '--subnet-range 203.0.113.0/24 --gateway 203.0.113.1 --no-dhcp';
  await openstack('admin', `subnet create --network public ${range} public-v4`);
  await openstack('red', 'network create inner');
  await openstack('red', 'subnet create --network inner --subnet-range 10.60.0.0/24 inner-v4');
});
after(async () => {
  await command[Symbol.asyncDispose]();
  await clouds[Symbol.asyncDispose]();
});

it('router: create, set, add and remove subnet and port, routes, unset, delete', async () => {
  const made = await show('red', 'router create --description first --tag one edge');
  assert.deepEqual([made.name, made.status, made.description], ['edge', 'ACTIVE', 'first']);
  await openstack('red', 'router add subnet edge inner-v4');
  await openstack('red', 'router set --external-gateway public edge');
  const shown = await show('red', 'router show edge');
  const { external_gateway_info: gateway, interfaces_info: interfaces } = shown;
  assert.match(JSON.stringify(gateway), /203\.0\.113\./);
  assert.match(JSON.stringify(interfaces), /10\.60\.0\.1"/);
  await openstack('red', 'router set --route destination=10.70.0.0/24,gateway=10.60.0.9 edge');
  assert.match(JSON.stringify((await show('red', 'router show edge')).routes), /10\.70\.0\.0\/24/);
  await openstack('red', 'router add route --route destination=10.71.0.0/24,gateway=10.60.0.9 edge');
  await openstack('red', 'router remove route --route destination=10.70.0.0/24,gateway=10.60.0.9 edge');
  const { routes } = await show('red', 'router show edge');
  assert.match(JSON.stringify(routes), /10\.71\.0\.0\/24/);
  assert.doesNotMatch(JSON.stringify(routes), /10\.70\.0\.0\/24/);
  await openstack('red', 'router set --no-route --disable edge');
  const [listed] = await list('red', 'router list --tags one --long');
  assert.deepEqual([listed?.ID, listed?.State], [made.id, false]);
  await openstack('red', 'port create --network inner leg');
  await openstack('red', 'router create second');
  await openstack('red', 'router add port second leg');
  assert.equal((await list('red', 'port list --router second')).length, 1);
  await openstack('red', 'router remove port second leg');
  await openstack('red', 'router delete second');
  await openstack('red', 'router remove subnet edge inner-v4');
  await openstack('red', 'router unset --external-gateway edge');
  await openstack('red', 'router delete edge');
  assert.deepEqual(await list('red', 'router list'), []);
});

it('floating ip and port forwarding: create, set, list, show, unset, delete', async () => {
  await openstack('red', 'router create way-out');
  await openstack('red', 'router set --external-gateway public way-out');
  await openstack('red', 'router add subnet way-out inner-v4');
  const port = await show('red', 'port create --network inner vm');
  const fip = await show('red', 'floating ip create --description d --tag vip public');
  await openstack('red', `floating ip set --port vm ${fip.id}`);
  const [listed] = await list('red', 'floating ip list --tags vip');
  assert.deepEqual([listed?.ID, listed?.Port], [fip.id, port.id]);
  assert.equal((await show('red', `floating ip show ${fip.floating_ip_address}`)).port_id, port.id);
  await openstack('red', `floating ip unset --port ${fip.id}`);
  const [{ ip_address: address } = { ip_address: '' }] = Object(port.fixed_ips);
  const target = `--port vm --internal-ip-address ${address} --internal-protocol-port 22`;
  const made = await show(
    'red',
    `floating ip port forwarding create ${target} --external-protocol-port 2222 --protocol tcp ${fip.id}`,
  );
  assert.equal((await list('red', `floating ip port forwarding list ${fip.id}`)).length, 1);
  await openstack(
    'red',
    `floating ip port forwarding set --external-protocol-port 2223 ${fip.id} ${made.id}`,
  );
  const forwarded = await show('red', `floating ip port forwarding show ${fip.id} ${made.id}`);
  assert.equal(forwarded.external_port, 2223);
  await openstack('red', `floating ip port forwarding delete ${fip.id} ${made.id}`);
  await openstack('red', `floating ip delete ${fip.id}`);
  assert.deepEqual(await list('red', 'floating ip list'), []);
  await openstack('red', 'router remove subnet way-out inner-v4');
  await openstack('red', 'router delete way-out');
  await openstack('red', 'port delete vm');
});
