import { parseCidr, parseIp } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { ipSort, ipSortOf } from '../../ipam/ip-sort.ts';
import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

const SPOOFING = { pillar: 693, cwe: 290 } as const;

interface Pair {
  readonly port: string;
  readonly name: string;
  readonly project: string;
  readonly network: string;
  readonly text: string;
  readonly first: string;
  readonly last: string;
  readonly bits: number;
  readonly version: 4 | 6;
}

/** Allowed address pairs of ports on which they hold. */
const allPairs = async ({ query }: Reader): Promise<readonly Pair[]> => {
  const rows = await query
    .selectFrom('allowed_address_pairs as a')
    .innerJoin('ports as p', 'p.id', 'a.port_id')
    .select(['p.id', 'p.name', 'p.project_id', 'a.network_id', 'a.ip_address'])
    .where('p.port_security_enabled', '=', 1)
    .execute();
  return rows.flatMap(({ id, name, project_id, network_id, ip_address: text }) => {
    const ip = parseIp(text);
    const cidr = parseCidr(ip === undefined ? text : `${text}/${ip.version === 4 ? 32 : 128}`);
    if (cidr === undefined) return [];
    const { version, prefix: bits, network } = cidr;
    const size = 1n << BigInt((version === 4 ? 32 : 128) - bits);
    const range = { first: ipSort(network), last: ipSortOf(version, network.value + size - 1n) };
    return [{ port: id, name, project: project_id, network: network_id, text, bits, version, ...range }];
  });
};

/** Prefixes wider than any subnet that machines share. */
const WIDE_BITS = { 4: 15, 6: 47 } as const;

export const addressPairWide: SqlCheck = sqlCheck({
  ...SPOOFING,
  id: 'address-pair-wide',
  title: 'An allowed address pair opens a port to almost any source address',
  severity: 'medium',
  remedy: 'Name the addresses that the machine really sends from.',
  async examine({ reader }) {
    const wide = (await allPairs(reader)).filter(({ bits, version }) => bits <= WIDE_BITS[version]);
    return wide.map(({ port, name, text, bits, project }) => ({
      subject: resource('port', port, name),
      evidence: `${text}; of project ${project}`,
      ...(bits === 0 ? { severity: 'high' as const } : {}),
    }));
  },
});

interface Taken {
  readonly sort: string;
  readonly ip: string;
  readonly port: string;
  readonly project: string;
  readonly owner: string;
}

/** Addresses of a network and an IP version, whose texts differ in length. */
const shelf = (network: string, sort: string): string => `${network} ${sort.length}`;

/** Addresses in use on networks by {@link shelf}, in order. */
const addressesOn = async (
  { query }: Reader,
  networks: readonly string[],
): Promise<ReadonlyMap<string, readonly Taken[]>> => {
  const rows = await query
    .selectFrom('ip_allocations as i')
    .innerJoin('ports as p', 'p.id', 'i.port_id')
    .select(['i.network_id', 'i.ip_sort as sort', 'i.ip_address as ip', 'p.id as port'])
    .select(['p.project_id as project', 'p.device_owner as owner'])
    .where('i.network_id', 'in', eachOf(networks))
    .orderBy('i.ip_sort')
    .execute();
  return Map.groupBy(rows, ({ network_id, sort }) => shelf(network_id, sort));
};

/** The first of ordered addresses that is not below `wanted`. */
const firstFrom = (addresses: readonly Taken[], wanted: string): number => {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((addresses[middle]?.sort ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
};

const isOthers = (project: string, { project: of, owner }: Taken): boolean =>
  of !== project || owner.startsWith('network:');

/** An address of somebody else between two, both ends included; `addresses` are in order and of one IP version. */
const othersBetween = (pair: Pair, addresses: readonly Taken[]): Taken | undefined => {
  for (let at = firstFrom(addresses, pair.first); at < addresses.length; at += 1) {
    const taken = addresses[at];
    if (taken === undefined || taken.sort > pair.last) return undefined;
    if (isOthers(pair.project, taken)) return taken;
  }
  return undefined;
};

export const addressPairTaken: SqlCheck = sqlCheck({
  ...SPOOFING,
  id: 'address-pair-taken',
  title:
    'An allowed address pair lets a port speak for a router, a DHCP server or a machine of another project',
  severity: 'high',
  remedy: 'Take the address out of the pair, or narrow its prefix.',
  async examine({ reader }) {
    const pairs = await allPairs(reader);
    const shelves = await addressesOn(reader, [...new Set(pairs.map(({ network }) => network))]);
    // Ports of one project often share a pair.
    const known = new Map<string, Taken | undefined>();
    return pairs.flatMap((pair): readonly Found[] => {
      const same = `${pair.network} ${pair.project} ${pair.text}`;
      if (!known.has(same))
        known.set(same, othersBetween(pair, shelves.get(shelf(pair.network, pair.first)) ?? []));
      const taken = known.get(same);
      if (taken === undefined || taken.port === pair.port) return [];
      const whose = taken.owner === '' ? `of project ${taken.project}` : taken.owner;
      return [
        {
          subject: resource('port', pair.port, pair.name),
          evidence: `${pair.text} covers ${taken.ip} of port ${taken.port} (${whose})`,
        },
      ];
    });
  },
});
