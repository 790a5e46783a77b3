import {
  BadRequest,
  type Cidr,
  ipFromValue,
  MaxPrefixSubnetAllocationError,
  MinPrefixSubnetAllocationError,
  parseCidr,
  SubnetAllocationError,
  SubnetPoolNotFound,
  SubnetPoolQuotaExceeded,
} from '@ovenbird/api';
import type { SubnetpoolsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { blockText, cutPrefix, difference, includes, type PrefixSet } from '../../ipam/prefix-set.ts';
import { sharedAmong } from '../sharing.ts';
import { setOf } from './prefixes.ts';
import { poolRows, prefixesIn } from './store.ts';

/** What a request says of a new subnet's prefix; undefined: not given. */
export interface PrefixWish {
  readonly ip_version: 4 | 6;
  readonly cidr: string | undefined;
  readonly prefixlen: number | undefined;
  readonly subnetpool_id: string | null | undefined;
  readonly use_default_subnetpool: boolean;
  readonly gateway_ip: string | null | undefined;
  readonly allocation_pools: readonly unknown[] | undefined;
  readonly project_id: string | undefined;
}

export interface AllocatedPrefix {
  readonly cidr: string;
  /** null: out of no pool. */
  readonly poolId: string | null;
  /** undefined: the usual one for the prefix. */
  readonly gatewayIp: string | null | undefined;
}

/** Gives out prefixes within one request: what it gave once is taken. */
export interface PrefixAllocator {
  /**
   * @throws ApiError BadRequest, SubnetPoolNotFound, MinPrefixSubnetAllocationError, MaxPrefixSubnetAllocationError,
   *   SubnetPoolQuotaExceeded, SubnetAllocationError
   */
  allocate(wish: PrefixWish): Promise<AllocatedPrefix>;
}

/** The name that stands for prefixes delegated by a router (RFC 8415), which OVN has no part in. */
const DELEGATED = 'prefix_delegation';

/** What quotas of pools count: IPv4 addresses, IPv6 prefixes of 64 bits. */
const QUOTA_UNIT = { 4: 32, 6: 64 } as const;

interface Taken {
  readonly projectId: string;
  readonly cidr: string;
}

const bad = (msg: string) => BadRequest({ resource: 'subnets', msg });

const cidrOf = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`the prefix ${text} is none`);
  return cidr;
};

const mayUse = async ({ tx, context, isAdmin }: WriteStep, pool: SubnetpoolsTable): Promise<boolean> => {
  if (isAdmin || pool.project_id === context.projectId) return true;
  return (await sharedAmong(tx, 'subnetpool', [pool.id], context.projectId)).has(pool.id);
};

const defaultPool = async (step: WriteStep, version: 4 | 6): Promise<string> => {
  const row = await step.tx.query
    .selectFrom('subnetpools')
    .selectAll()
    .where('is_default', '=', 1)
    .where('ip_version', '=', version)
    .executeTakeFirst();
  if (row === undefined || !(await mayUse(step, row)))
    throw bad(`No default subnetpool found for IPv${version}`);
  return row.id;
};

/** The pool that a request means; undefined: none. */
const poolIdOf = async (step: WriteStep, wish: PrefixWish): Promise<string | undefined> => {
  const named = wish.subnetpool_id ?? undefined;
  if (wish.cidr !== undefined && wish.prefixlen !== undefined)
    throw bad('cidr and prefixlen must not be supplied together');
  if (named !== undefined && wish.use_default_subnetpool)
    throw bad('subnetpool_id and use_default_subnetpool cannot both be specified');
  if (named === DELEGATED) {
    if (wish.cidr === undefined) throw bad('IPv6 prefix delegation is not offered');
    return undefined;
  }
  const id = wish.use_default_subnetpool ? await defaultPool(step, wish.ip_version) : named;
  if (id === undefined && wish.cidr === undefined)
    throw bad('a subnetpool must be specified in the absence of a cidr');
  if (id !== undefined && wish.cidr === undefined && wish.allocation_pools !== undefined)
    throw bad('allocation_pools allowed only for specific subnet requests.');
  return id;
};

const usablePool = async (step: WriteStep, id: string): Promise<SubnetpoolsTable> => {
  const [row] = await poolRows(step.tx, [id]);
  if (row === undefined || !(await mayUse(step, row))) throw SubnetPoolNotFound({ id });
  return row;
};

const units = (pool: SubnetpoolsTable, length: number): number => 2 ** (QUOTA_UNIT[pool.ip_version] - length);

const checkLength = (pool: SubnetpoolsTable, length: number): void => {
  if (length > pool.max_prefixlen) throw MaxPrefixSubnetAllocationError({ length, most: pool.max_prefixlen });
  if (length < pool.min_prefixlen)
    throw MinPrefixSubnetAllocationError({ length, least: pool.min_prefixlen });
};

const checkQuota = (
  pool: SubnetpoolsTable,
  taken: readonly Taken[],
  projectId: string,
  length: number,
): void => {
  if (pool.default_quota === null || pool.default_quota === 0) return;
  const used = taken
    .filter((one) => one.projectId === projectId)
    .reduce((sum, one) => sum + units(pool, cidrOf(one.cidr).prefix), 0);
  if (used + units(pool, length) > pool.default_quota) throw SubnetPoolQuotaExceeded();
};

/** The prefix that is asked for, or any free one; with the gateway of prefixes out of pools: the first address. */
const choose = (wish: PrefixWish, length: number, free: PrefixSet): Omit<AllocatedPrefix, 'poolId'> => {
  if (wish.cidr !== undefined) {
    if (!includes(free, setOf([wish.cidr]))) {
      throw SubnetAllocationError({
        reason: 'Cannot allocate requested subnet from the available set of prefixes',
      });
    }
    return { cidr: wish.cidr, gatewayIp: wish.gateway_ip };
  }
  const block = cutPrefix(free, length);
  if (block === undefined)
    throw SubnetAllocationError({ reason: `Insufficient prefix space to allocate subnet size /${length}` });
  const bits = block.version === 4 ? 32 : 128;
  const first = length === bits ? undefined : ipFromValue(block.version, block.first + 1n).text;
  return { cidr: blockText(block), gatewayIp: wish.gateway_ip === undefined ? first : wish.gateway_ip };
};

export const createPrefixAllocator = (step: WriteStep): PrefixAllocator => {
  const given = new Map<string, Taken[]>();
  const takenFrom = async (poolId: string): Promise<Taken[]> => {
    const known = given.get(poolId);
    if (known !== undefined) return known;
    const rows = await step.tx.query
      .selectFrom('subnets')
      .select(['project_id', 'cidr'])
      .where('subnetpool_id', '=', poolId)
      .execute();
    const taken = rows.map((row) => ({ projectId: row.project_id, cidr: row.cidr }));
    given.set(poolId, taken);
    return taken;
  };
  return {
    async allocate(wish) {
      const poolId = await poolIdOf(step, wish);
      if (poolId === undefined) return { cidr: wish.cidr ?? '', poolId: null, gatewayIp: wish.gateway_ip };
      const pool = await usablePool(step, poolId);
      if (pool.ip_version !== wish.ip_version)
        throw bad(`Cannot allocate IPv${wish.ip_version} subnet from IPv${pool.ip_version} subnet pool`);
      const length =
        wish.cidr === undefined ? (wish.prefixlen ?? pool.default_prefixlen) : cidrOf(wish.cidr).prefix;
      checkLength(pool, length);
      const taken = await takenFrom(poolId);
      const projectId = wish.project_id ?? step.context.projectId;
      checkQuota(pool, taken, projectId, length);
      const free = difference(setOf(prefixesIn(pool.prefixes)), setOf(taken.map((one) => one.cidr)));
      const chosen = choose(wish, length, free);
      taken.push({ projectId, cidr: chosen.cidr });
      return { ...chosen, poolId };
    },
  };
};
