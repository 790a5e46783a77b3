import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Clouds, openClouds } from './clouds.ts';
import { type OpenstackCommand, openstackCommand } from './openstack.ts';

let clouds: Clouds;
let command: OpenstackCommand;
const openstack = (cloud: string, words: string) => command.openstack(cloud, words);
const show = (cloud: string, words: string) => command.show(cloud, words);
const list = (cloud: string, words: string) => command.list(cloud, words);
const refused = (cloud: string, words: string, what: RegExp) => command.refused(cloud, words, what);
before(async () => {
  clouds = await openClouds();
  command = openstackCommand(clouds);
});
after(async () => {
  await command[Symbol.asyncDispose]();
  await clouds[Symbol.asyncDispose]();
});

it('network: create, list, show, set, unset, delete', async () => {
  const made = await show('red', 'network create --mtu 1400 --description first --tag one net-cli');
  assert.equal(made.mtu, 1400);
  assert.equal(made.status, 'ACTIVE');
  const [listed] = await list('red', 'network list --tags one --long');
  assert.equal(listed?.ID, made.id);
  await openstack('red', 'network set --name net-cli-2 --disable --tag two net-cli');
  const shown = await show('red', 'network show net-cli-2');
  assert.equal(shown.admin_state_up, false);
  assert.deepEqual(shown.tags, ['one', 'two']);
  await openstack('red', 'network unset --all-tag net-cli-2');
  assert.deepEqual((await show('red', 'network show net-cli-2')).tags, []);
  await refused('blue', 'network show net-cli-2', /No Network found/);
  await refused('red', 'network set --share net-cli-2', /403|Forbidden|policy/i);
  await openstack('red', 'network delete net-cli-2');
  assert.deepEqual(await list('red', 'network list'), []);
});

it('subnet: create, list, show, set, unset, delete', async () => {
  await openstack('red', 'network create net-for-subnet');
  const range = '--subnet-range 10.30.0.0/24 --dns-nameserver 192.0.2.1 --gateway 10.30.0.254';
  const pool = '--allocation-pool start=10.30.0.10,end=10.30.0.20';
  const made = await show('red', `subnet create --network net-for-subnet ${range} ${pool} sub-cli`);
  assert.equal(made.gateway_ip, '10.30.0.254');
  assert.equal((await list('red', 'subnet list --name sub-cli'))[0]?.Subnet, '10.30.0.0/24');
  await openstack('red', 'subnet set --name sub-cli-2 --dns-nameserver 192.0.2.2 --no-dhcp sub-cli');
  const shown = await show('red', 'subnet show sub-cli-2');
  assert.deepEqual(shown.dns_nameservers, ['192.0.2.2', '192.0.2.1']);
  assert.equal(shown.enable_dhcp, false);
  await openstack('red', 'subnet unset --dns-nameserver 192.0.2.1 sub-cli-2');
  assert.deepEqual((await show('red', 'subnet show sub-cli-2')).dns_nameservers, ['192.0.2.2']);
  await openstack('red', 'subnet delete sub-cli-2');
  await openstack('red', 'network delete net-for-subnet');
});

it('port: create, list, show, set, unset, delete', async () => {
  await openstack('red', 'network create net-for-port');
  await openstack('red', 'subnet create --network net-for-port --subnet-range 10.31.0.0/24 sub-for-port');
  const fixed = '--fixed-ip subnet=sub-for-port,ip-address=10.31.0.77';
  const made = await show('red', `port create --network net-for-port ${fixed} port-cli`);
  assert.equal(made.status, 'DOWN');
  const [listed] = await list('red', 'port list --network net-for-port --fixed-ip ip-address=10.31.0.77');
  assert.equal(listed?.ID, made.id);
  await openstack(
    'red',
    'port set --name port-cli-2 --allowed-address ip-address=10.31.0.78 --disable port-cli',
  );
  const shown = await show('red', 'port show port-cli-2');
  assert.equal(shown.admin_state_up, false);
  assert.match(JSON.stringify(shown.allowed_address_pairs), /10\.31\.0\.78/);
  const pair = `ip-address=10.31.0.78,mac-address=${made.mac_address}`;
  await openstack('red', `port unset --allowed-address ${pair} port-cli-2`);
  assert.deepEqual((await show('red', 'port show port-cli-2')).allowed_address_pairs, []);
  await openstack('admin', `port set --host host1 ${made.id}`);
  assert.equal((await show('admin', `port show ${made.id}`)).binding_vif_type, 'ovs');
  await refused('red', 'network delete net-for-port', /[Cc]onflict|in use/);
  await openstack('red', 'port delete port-cli-2');
  await openstack('red', 'network delete net-for-port');
});

it('security group and rule: create, list, show, set, unset, delete', async () => {
  const group = await show('red', 'security group create --description web --stateless group-cli');
  assert.equal(group.stateful, false);
  const rule = await show(
    'red',
    'security group rule create --protocol tcp --dst-port 22:23 --remote-ip 10.0.0.0/8 group-cli',
  );
  assert.equal(rule.port_range_max, 23);
  assert.equal((await show('red', `security group rule show ${rule.id}`)).protocol, 'tcp');
  const rules = await list('red', 'security group rule list group-cli');
  assert.equal(rules.length, 3);
  await openstack('red', 'security group set --name group-cli-2 --tag x group-cli');
  assert.ok((await list('red', 'security group list --tags x')).some((each) => each.Name === 'group-cli-2'));
  await openstack('red', 'security group unset --tag x group-cli-2');
  assert.deepEqual((await show('red', 'security group show group-cli-2')).tags, []);
  await openstack('red', `security group rule delete ${rule.id}`);
  await openstack('red', 'security group delete group-cli-2');
  assert.deepEqual(
    (await list('red', 'security group list')).map((each) => each.Name),
    ['default'],
  );
});

it('agents, availability zones and extensions', async () => {
  const agents = await list('admin', 'network agent list');
  const agent = agents.find((each) => each.Host === 'host1');
  assert.equal(agent?.Alive, true);
  assert.equal((await show('admin', `network agent show ${agent?.ID}`)).host, 'host1');
  assert.deepEqual(await list('red', 'network agent list'), []);
  const zones = await list('red', 'availability zone list --network');
  assert.ok(zones.some((zone) => zone['Zone Name'] === 'nova' && zone['Zone Status'] === 'available'));
  const extensions = await list('red', 'extension list --network');
  assert.ok(extensions.some((extension) => extension.Alias === 'security-group'));
  assert.equal((await show('red', 'extension show port-security')).alias, 'port-security');
});

it('projects, users and roles of the lab identity service', async () => {
  await openstack('admin', 'project create green');
  await openstack('admin', 'user create --project green --password a-lab-password gina');
  await openstack('admin', 'role add --project green --user gina member');
  const token = await show('green', 'token issue');
  assert.ok(token.id);
  assert.deepEqual(await list('green', 'network list'), []);
  assert.ok((await list('admin', 'catalog list')).some((each) => each.Type === 'network'));
});

it('application credential: create, list, log in with it, delete', async () => {
  const made = await show(
    'red',
    'application credential create --role reader --expiration 2100-01-01T00:00:00 robot',
  );
  const words = `--os-auth-type v3applicationcredential --os-auth-url ${clouds.stack.identityUrl}
    --os-application-credential-id ${made.id} --os-application-credential-secret ${made.secret} --os-cloud=`;
  const asRobot = ['openstack', ...words.split(/\s+/), 'network', 'create', 'net-of-robot'];
  assert.match((await clouds.client(asRobot)).stderr, /403|Forbidden|policy/i);
  const [listed] = await list('red', 'application credential list');
  assert.equal(listed?.ID, made.id);
  await openstack('red', 'application credential delete robot');
});

// This client's `quota show` and `quota set` ask the compute service first, which is not here: its SDK does it.
const setQuota = (limits: string) => [
  '/usr/bin/python3',
  '-c',
  `import openstack
cloud = openstack.connect(cloud="admin")
red = cloud.identity.find_project("red").id
cloud.network.update_quota(red, ${limits})
quota = cloud.network.get_quota(red)
print(quota.networks, quota.ports, quota.subnets, cloud.network.get_quota(red, details=True).networks)
print(cloud.network.get_quota_default(red).networks)`,
];

it('quota: set, show, list, detail', async () => {
  const set = (limits: string) => clouds.client(setQuota(limits));
  const detail = async (resource: string) =>
    (await list('admin', 'quota list --network --detail --project red')).find(
      (row) => row.Resource === resource,
    );
  assert.equal((await detail('networks'))?.Limit, 100);
  const { stdout } = await set('networks=7, ports=-1');
  assert.equal(stdout, "7 -1 100 {'limit': 7, 'used': 0, 'reserved': 0}\n100\n");
  const [listed] = await list('admin', 'quota list --network');
  assert.deepEqual([listed?.Networks, listed?.Ports, listed?.Subnets], [7, -1, 100]);
  await openstack('red', 'network create net-for-quota');
  assert.deepEqual(await detail('networks'), { Resource: 'networks', 'In Use': 1, Reserved: 0, Limit: 7 });
  assert.match((await set('networks=0, check_limit=True')).stderr, /already used 1/);
  await set('networks=0');
  await refused('red', 'network create one-too-many', /Quota exceeded/);
  await openstack('red', 'network delete net-for-quota');
  await set('networks=100');
});

it('network rbac: create, list, show, set, delete', async () => {
  await openstack('red', 'network create net-for-rbac');
  const grant = '--type network --action access_as_shared';
  const target = (await show('admin', 'project show blue')).id;
  const made = await show('red', `network rbac create ${grant} --target-project ${target} net-for-rbac`);
  assert.equal((await show('blue', 'network show net-for-rbac')).shared, true);
  assert.equal((await list('red', 'network rbac list --type network'))[0]?.ID, made.id);
  assert.equal((await show('red', `network rbac show ${made.id}`)).target_project_id, target);
  await refused('red', `network rbac create ${grant} --target-all-projects net-for-rbac`, /policy/);
  await openstack('red', `network rbac delete ${made.id}`);
  await refused('blue', 'network show net-for-rbac', /No Network found/);
  await openstack('red', 'network delete net-for-rbac');
});

it('address group: create, list, show, set, unset, delete', async () => {
  const made = await show('red', 'address group create --address 10.1.0.0/16 --description far ag-cli');
  assert.deepEqual(made.addresses, ['10.1.0.0/16']);
  await openstack('red', 'address group set --name ag-cli-2 --address 192.0.2.1 ag-cli');
  const shown = await show('red', 'address group show ag-cli-2');
  assert.deepEqual(shown.addresses, ['10.1.0.0/16', '192.0.2.1/32']);
  const rule = '--remote-address-group ag-cli-2 --protocol tcp';
  const { id } = await show('red', `security group rule create ${rule} default`);
  await refused('red', 'address group delete ag-cli-2', /in use|failed to delete/i);
  await openstack('red', `security group rule delete ${id}`);
  await openstack('red', 'address group unset --address 10.1.0.0/16 ag-cli-2');
  assert.deepEqual((await list('red', 'address group list'))[0]?.Addresses, ['192.0.2.1/32']);
  await openstack('red', 'address group delete ag-cli-2');
});

it('network qos: policy, rules, port and network', async () => {
  const made = await show('admin', 'network qos policy create --share --description far qos-cli');
  assert.equal(made.shared, true);
  const limit = '--type bandwidth-limit --max-kbps 2000 --max-burst-kbits 200 --egress';
  const rule = await show('admin', `network qos rule create ${limit} qos-cli`);
  assert.equal(rule.max_kbps, 2000);
  await openstack('admin', 'network qos rule create --type dscp-marking --dscp-mark 0 qos-cli');
  await refused('admin', `network qos rule create ${limit} qos-cli`, /conflicts with rule/);
  await openstack('admin', `network qos rule set --max-kbps 3000 qos-cli ${rule.id}`);
  assert.equal((await list('red', 'network qos policy list --share')).length, 1);
  assert.equal((await list('admin', 'network qos rule list qos-cli')).length, 2);
  assert.equal((await list('admin', 'network qos rule type list')).length, 3);
  await openstack('red', 'network create --qos-policy qos-cli net-for-qos');
  await openstack('red', 'port create --network net-for-qos --qos-policy qos-cli port-for-qos');
  assert.equal((await show('red', 'port show port-for-qos')).qos_policy_id, made.id);
  await refused('admin', 'network qos policy delete qos-cli', /used by/);
  await openstack('red', 'port unset --qos-policy port-for-qos');
  await openstack('red', 'port delete port-for-qos');
  await openstack('red', 'network delete net-for-qos');
  await openstack('admin', `network qos rule delete qos-cli ${rule.id}`);
  await openstack('admin', 'network qos policy delete qos-cli');
});

it('network trunk: create, list, show, set, unset, delete', async () => {
  await openstack('red', 'network create net-for-trunk');
  for (const name of ['trunk-parent', 'trunk-below'])
    await openstack('red', `port create --network net-for-trunk ${name}`);
  const below = 'port=trunk-below,segmentation-type=vlan,segmentation-id=5';
  const made = await show('red', 'network trunk create --parent-port trunk-parent trunk-cli');
  assert.equal(made.status, 'ACTIVE');
  await openstack('red', `network trunk set --subport ${below} --description far trunk-cli`);
  assert.match(JSON.stringify(await list('red', 'network subport list --trunk trunk-cli')), /vlan/);
  assert.match(JSON.stringify(await show('red', 'port show trunk-parent')), /trunk_details.*segmentation_id/);
  await refused('red', 'port delete trunk-below', /subport for trunk/);
  await openstack('red', 'network trunk unset --subport trunk-below trunk-cli');
  assert.deepEqual((await show('red', 'network trunk show trunk-cli')).sub_ports, []);
  assert.equal((await list('red', 'network trunk list')).length, 1);
  await openstack('red', 'network trunk delete trunk-cli');
  await openstack('red', 'port delete trunk-parent trunk-below');
  await openstack('red', 'network delete net-for-trunk');
});

it('address scope, subnet pool and a subnet out of it', async () => {
  const scope = await show('red', 'address scope create --ip-version 4 scope-cli');
  const range = '--pool-prefix 10.40.0.0/16 --default-prefix-length 24 --min-prefix-length 20';
  const pool = await show('red', `subnet pool create ${range} --address-scope scope-cli --tag t pool-cli`);
  assert.deepEqual([pool.prefixes, pool.address_scope_id], [['10.40.0.0/16'], scope.id]);
  await openstack('red', 'subnet pool set --name pool-cli-2 --pool-prefix 10.42.0.0/16 pool-cli');
  assert.deepEqual((await show('red', 'subnet pool show pool-cli-2')).prefixes, [
    '10.40.0.0/16',
    '10.42.0.0/16',
  ]);
  await openstack('red', 'network create net-for-pool');
  const made = await show(
    'red',
    'subnet create --network net-for-pool --subnet-pool pool-cli-2 --prefix-length 26 s1',
  );
  assert.deepEqual([made.cidr, made.subnetpool_id], ['10.40.0.0/26', pool.id]);
  assert.equal((await show('red', 'network show net-for-pool')).ipv4_address_scope, scope.id);
  const [row] = await list('admin', 'ip availability list --ip-version 4');
  assert.equal(row?.['Total IPs'], 61);
  await refused('red', 'subnet pool delete pool-cli-2', /existing allocations|Failed to delete/);
  await refused('red', 'address scope delete scope-cli', /in use|Failed to delete/);
  for (const words of [
    'subnet delete s1',
    'network delete net-for-pool',
    'subnet pool unset --tag t pool-cli-2',
    'subnet pool delete pool-cli-2',
    'address scope delete scope-cli',
  ])
    await openstack('red', words);
  assert.deepEqual(await list('red', 'subnet pool list'), []);
});
