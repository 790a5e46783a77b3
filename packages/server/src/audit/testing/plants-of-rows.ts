import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Plant, segment, share } from './world.ts';

const old = '2020-01-01T00:00:00Z';

const addresses: readonly Plant[] = [
  {
    check: 'address-twice',
    what: 'one address in two subnets of a network',
    async plant({ network, port }, rows) {
      const second = await rows.subnet(network, { cidr: '10.0.0.0/24' });
      const id = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
      await rows.port(network, { id }, { addresses: [{ subnet: second, ip: '10.0.0.5' }] });
      return { subject: port, evidence: new RegExp(id) };
    },
  },
  {
    check: 'address-outside-subnet',
    what: 'an address of another prefix',
    async plant({ network, subnet }, rows) {
      return { subject: await rows.port(network, {}, { addresses: [{ subnet, ip: '10.0.1.5' }] }) };
    },
  },
  {
    check: 'floating-ip-idle',
    what: 'a floating IP of a stopped machine',
    async plant({ network, subnet, external }, rows) {
      const port = await rows.port(network, {}, { addresses: [{ subnet, ip: '10.0.0.9' }] });
      const id = randomUUID();
      await rows.floatingIp({
        id,
        floating_network_id: external,
        fixed_port_id: port,
        fixed_ip_address: '10.0.0.9',
      });
      return { subject: id, evidence: new RegExp(`^port ${port} is DOWN$`) };
    },
  },
];

const states: readonly Plant[] = [
  {
    check: 'binding-failed',
    what: 'a port on a host that cannot carry it',
    async plant({ network }, rows) {
      const binding = { host: 'lost', vif_type: 'binding_failed' };
      return { subject: await rows.port(network, {}, { binding }), evidence: /lost/ };
    },
  },
  {
    check: 'status-error',
    what: 'a router in ERROR',
    plant: async (_, rows) => ({ subject: await rows.router({ status: 'ERROR' }) }),
  },
  {
    check: 'admin-state-at-odds',
    what: 'servers on a network that is switched off',
    async plant({ network }, _rows, tx) {
      await tx.query.updateTable('networks').set({ admin_state_up: 0 }).where('id', '=', network).execute();
      return { subject: network, evidence: /with 1 ports/ };
    },
  },
  {
    check: 'admin-state-at-odds',
    what: 'floating IPs on a router that is switched off',
    async plant({ router }, _rows, tx) {
      await tx.query.updateTable('routers').set({ admin_state_up: 0 }).where('id', '=', router).execute();
      return { subject: router, evidence: /with 1 floating IPs/ };
    },
  },
  {
    check: 'text-hostile',
    what: 'a name that clears the terminal',
    plant: async ({ network }, rows) => ({ subject: await rows.port(network, { name: '\u001b[2Jport' }) }),
  },
  {
    check: 'text-hostile',
    what: 'a description with script',
    plant: async (_, rows) => ({
      subject: await rows.router({ description: 'a <SCRIPT>alert(1)</script>' }),
    }),
  },
  {
    check: 'journal-stuck',
    what: 'a change that OVN refuses',
    async plant({ port }, _rows, tx) {
      const row = { kind: 'port', id: port, created_at: tx.now, attempts: 3, last_error: 'no' };
      await tx.query.insertInto('journal').values(row).execute();
      return { subject: port, evidence: /3 attempts: no$/ };
    },
  },
  {
    check: 'journal-stuck',
    what: 'a change that nobody takes up',
    async plant({ network }, _rows, tx) {
      await tx.query
        .insertInto('journal')
        .values({ kind: 'network', id: network, created_at: old })
        .execute();
      return { subject: network };
    },
  },
  {
    check: 'nova-events-stuck',
    what: 'an event that Nova does not take',
    async plant({ port }, _rows, tx) {
      const event = { name: 'network-changed', server_id: 's', port_id: port };
      await tx.query
        .insertInto('nova_events')
        .values({ ...event, created_at: old })
        .execute();
      await tx.query
        .insertInto('nova_events')
        .values({ ...event, name: 'fresh', created_at: tx.now })
        .execute();
      return { subject: 'network-changed', evidence: /^1 wait/ };
    },
  },
];

const leftovers: readonly Plant[] = [
  {
    check: 'row-without-owner',
    what: 'a share of a network that is gone',
    plant: async (_, _rows, tx) => ({ subject: await share(tx, randomUUID(), 'somebody') }),
  },
  {
    check: 'row-without-owner',
    what: 'a rule about an address group that is gone',
    async plant({ group }, rows) {
      return { subject: await rows.rule(group, { remote_address_group_id: randomUUID() }) };
    },
  },
  {
    check: 'segment-twice',
    what: 'two networks with one id',
    async plant(_, rows) {
      const ids = [
        await rows.network({}, [{ network_type: 'geneve', segmentation_id: 77 }]),
        await rows.network({}, [{ network_type: 'geneve', segmentation_id: 77 }]),
      ].sort();
      return { subject: ids[0] ?? '', evidence: new RegExp(`^geneve 77, as network ${ids[1]}$`) };
    },
  },
  {
    check: 'segment-leaked',
    what: 'an id that no network has',
    async plant(_, _rows, tx) {
      await segment(tx, 99);
      return { subject: 'geneve - 99' };
    },
  },
  {
    check: 'segment-leaked',
    what: 'an id that may be given out again',
    async plant(_, rows, tx) {
      const network = await rows.network({}, [{ network_type: 'vxlan', segmentation_id: 5 }]);
      const {
        rows: [row],
      } = await sql<{ id: string }>`select id from network_segments where network_id = ${network}`.execute(
        tx.query,
      );
      return { subject: row?.id ?? '' };
    },
  },
];

/** Faults of addresses, states, queues and rows. */
export const plantsOfRows: readonly Plant[] = [...addresses, ...states, ...leftovers];
