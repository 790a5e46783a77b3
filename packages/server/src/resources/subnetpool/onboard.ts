import {
  HTTPForbidden,
  IllegalSubnetPoolUpdate,
  InvalidInput,
  isDict,
  type Subnetpool,
  uuid,
} from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { SubnetsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { intersects } from '../../ipam/prefix-set.ts';
import type { SubnetDependencies } from '../subnet/dependencies.ts';
import { revisingNetworks } from '../subnet/network-revision.ts';
import { assembleSubnets } from '../subnet/store.ts';
import { networkIn, usableNetworks } from '../usable-networks.ts';
import { setOf } from './prefixes.ts';
import { updateSubnetpool } from './update.ts';

/** A subnet that is in the pool now. */
export interface Onboarded {
  readonly id: string;
  readonly cidr: string;
}

type OnboardDependencies = Pick<SubnetDependencies, 'loadNetworks'>;

const networkOf = async (step: WriteStep, body: unknown): Promise<string> => {
  const parsed = uuid.parse(isDict(body) ? body.network_id : undefined);
  if (!parsed.ok) throw InvalidInput({ message: 'network_id must be specified' });
  const network = networkIn(await usableNetworks(step, [parsed.value]), parsed.value);
  if (!step.isAdmin && network.projectId !== step.context.projectId)
    throw HTTPForbidden({ message: 'Only the owner of a network puts its subnets into a pool.' });
  return network.id;
};

const checkFree = async (
  { tx }: WriteStep,
  pool: Subnetpool,
  subnets: readonly SubnetsTable[],
): Promise<void> => {
  const rows = await tx.query
    .selectFrom('subnets')
    .select('cidr')
    .where('subnetpool_id', '=', pool.id)
    .execute();
  const allocated = setOf(rows.map((row) => row.cidr));
  const inTheWay = subnets.find((subnet) => intersects(setOf([subnet.cidr]), allocated));
  if (inTheWay === undefined) return;
  throw IllegalSubnetPoolUpdate({
    reason:
      `Onboarding subnet ${inTheWay.id}: ${inTheWay.cidr} conflicts with allocated prefixes ` +
      `in subnet pool ${pool.id}`,
  });
};

const assign = async (
  deps: OnboardDependencies,
  step: WriteStep,
  pool: Subnetpool,
  networkId: string,
  subnets: readonly SubnetsTable[],
): Promise<void> => {
  const { tx, changes } = step;
  const ids = subnets.map((subnet) => subnet.id);
  const before = await assembleSubnets(tx, subnets, undefined);
  await revisingNetworks(deps, step, [networkId], () =>
    tx.query
      .updateTable('subnets')
      .set((eb) => ({
        subnetpool_id: pool.id,
        revision_number: eb('revision_number', '+', 1),
        updated_at: tx.now,
      }))
      .where('id', 'in', eachOf(ids))
      .execute(),
  );
  const rows = await tx.query.selectFrom('subnets').selectAll().where('id', 'in', eachOf(ids)).execute();
  for (const current of await assembleSubnets(tx, rows, undefined)) {
    const original = before.find((subnet) => subnet.id === current.id) ?? current;
    changes.record({ kind: 'subnet', action: 'update', id: current.id, original, current });
  }
};

/**
 * Take the subnets of a network, those of the pool's IP version, into the pool, with their prefixes.
 *
 * @throws ApiError InvalidInput, NetworkNotFound, HTTPForbidden, IllegalSubnetPoolUpdate, and as updates of pools
 */
export const onboardSubnets = async (
  deps: OnboardDependencies,
  step: WriteStep,
  pool: Subnetpool,
  body: unknown,
): Promise<readonly Onboarded[]> => {
  const networkId = await networkOf(step, body);
  const subnets = await step.tx.query
    .selectFrom('subnets')
    .selectAll()
    .where('network_id', '=', networkId)
    .where('ip_version', '=', pool.ip_version)
    .orderBy('id')
    .execute();
  if (subnets.length === 0) return [];
  await checkFree(step, pool, subnets);
  await updateSubnetpool(step, pool, {
    prefixes: [...pool.prefixes, ...subnets.map((subnet) => subnet.cidr)],
  });
  await assign(deps, step, pool, networkId, subnets);
  return subnets.map(({ id, cidr }) => ({ id, cidr }));
};
