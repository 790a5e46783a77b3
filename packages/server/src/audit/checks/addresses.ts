import { parseCidr } from '@ovenbird/api';
import { ipSort, ipSortOf } from '../../ipam/ip-sort.ts';
import { wholeRange } from '../../ipam/pools.ts';
import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

export const addressTwice: SqlCheck = sqlCheck({
  id: 'address-twice',
  pillar: 435,
  cwe: 694,
  title: 'Two ports of a network have the same address',
  severity: 'high',
  remedy: 'Give one of them another address: openstack port set --fixed-ip.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('ip_allocations')
      .select(({ fn }) => [
        'network_id',
        'ip_address',
        fn.min('port_id').as('one'),
        fn.max('port_id').as('other'),
      ])
      .groupBy(['network_id', 'ip_address'])
      .having(({ fn }) => fn.countAll(), '>', 1)
      .execute();
    return rows.map(({ network_id, ip_address, one, other }) => ({
      subject: resource('port', one),
      evidence: `${ip_address} on network ${network_id}, as port ${other}`,
    }));
  },
});

export const addressOutsideSubnet: SqlCheck = sqlCheck({
  id: 'address-outside-subnet',
  pillar: 682,
  cwe: 682,
  title: 'A port has an address that is not of its subnet',
  severity: 'high',
  remedy: 'Give it another address: openstack port set --fixed-ip.',
  async examine({ reader: { query } }) {
    const bounds = await query
      .selectFrom('subnets as s')
      .innerJoin('ip_allocations as i', 'i.subnet_id', 's.id')
      .select(({ fn }) => [
        's.id',
        's.cidr',
        fn.min('i.ip_sort').as('lowest'),
        fn.max('i.ip_sort').as('highest'),
      ])
      .groupBy(['s.id', 's.cidr'])
      .execute();
    const found: Found[] = [];
    for (const { id, cidr: text, lowest, highest } of bounds) {
      const cidr = parseCidr(text);
      const first = cidr === undefined ? '' : ipSort(cidr.network);
      const last = cidr === undefined ? '' : ipSortOf(cidr.version, wholeRange(cidr).last);
      if (
        lowest.length === first.length &&
        lowest >= first &&
        highest <= last &&
        highest.length === last.length
      )
        continue;
      const wrong = await query
        .selectFrom('ip_allocations')
        .select(['port_id', 'ip_address'])
        .where('subnet_id', '=', id)
        .where(({ eb, or, fn }) =>
          or([
            eb('ip_sort', '<', first),
            eb('ip_sort', '>', last),
            eb(fn<number>('length', ['ip_sort']), '<>', first.length),
          ]),
        )
        .execute();
      for (const { port_id, ip_address } of wrong)
        found.push({
          subject: resource('port', port_id),
          evidence: `${ip_address} of subnet ${id}, ${text}`,
        });
    }
    return found;
  },
});

export const floatingIpIdle: SqlCheck = sqlCheck({
  id: 'floating-ip-idle',
  pillar: 664,
  cwe: 772,
  title: 'A floating IP leads to a port that is down',
  severity: 'low',
  remedy: 'Start the machine, or release the address: openstack floating ip unset --port.',
  async examine({ reader: { query } }) {
    const rows = await query
      .selectFrom('floating_ips as f')
      .innerJoin('ports as p', 'p.id', 'f.fixed_port_id')
      .select(['f.id', 'f.floating_ip_address as name', 'p.id as port', 'p.status', 'p.admin_state_up as up'])
      .where(({ or, eb }) => or([eb('p.status', '=', 'DOWN'), eb('p.admin_state_up', '=', 0)]))
      .execute();
    return rows.map(({ id, name, port, status, up }) => ({
      subject: resource('floatingip', id, name),
      evidence: `port ${port} is ${up === 0 ? 'switched off' : status}`,
    }));
  },
});
