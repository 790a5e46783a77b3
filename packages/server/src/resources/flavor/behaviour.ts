import {
  type CreateOf,
  type Flavor,
  FlavorInUse,
  FlavorServiceProfileBindingExists,
  FlavorServiceProfileBindingNotFound,
  flavor,
  InvalidInput,
  isDict,
  parseUuid,
  ServiceProfileNotFound,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { flavorStore } from './store.ts';

const requireProfiles = async (tx: Transaction, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const found = await tx.query
    .selectFrom('service_profiles')
    .select('id')
    .where('id', 'in', eachOf(ids))
    .execute();
  const known = new Set(found.map((row) => row.id));
  for (const id of ids) if (!known.has(id)) throw ServiceProfileNotFound({ id });
};

/** Make these the profiles of a flavor, in this order. */
const bindAll = async (tx: Transaction, flavorId: string, profileIds: readonly string[]): Promise<void> => {
  await requireProfiles(tx, profileIds);
  await tx.query.deleteFrom('flavor_service_profiles').where('flavor_id', '=', flavorId).execute();
  await insertRows(
    tx,
    'flavor_service_profiles',
    profileIds.map((id, position) => ({ flavor_id: flavorId, service_profile_id: id, position })),
  );
};

const createOne = async (tx: Transaction, ids: Ids, body: CreateOf<typeof flavor>): Promise<Flavor> => {
  const { name, description, service_type, enabled, service_profiles } = body;
  const made: Flavor = { id: ids.uuid(), name, description, service_type, enabled, service_profiles };
  const row = { id: made.id, name, description, service_type, enabled: flagOf(enabled) };
  await insertRows(tx, 'flavors', [row]);
  await bindAll(tx, made.id, service_profiles);
  return made;
};

const update = async (tx: Transaction, current: Flavor, body: UpdateOf<typeof flavor>): Promise<Flavor> => {
  const next: Flavor = { ...current, ...body };
  const { name, description, enabled } = next;
  await tx.query
    .updateTable('flavors')
    .set({ name, description, enabled: flagOf(enabled) })
    .where('id', '=', current.id)
    .execute();
  if (body.service_profiles !== undefined) await bindAll(tx, current.id, body.service_profiles);
  return next;
};

/** The id in `{ service_profile: { id } }`. Throws ApiError 400. */
const profileIn = (body: unknown): string => {
  const given = isDict(body) && isDict(body.service_profile) ? body.service_profile.id : undefined;
  const parsed = parseUuid(given);
  if (!parsed.ok) throw InvalidInput({ message: parsed.reason });
  return parsed.value;
};

const bind = async (tx: Transaction, current: Flavor, body: unknown) => {
  const profileId = profileIn(body);
  if (current.service_profiles.includes(profileId))
    throw FlavorServiceProfileBindingExists({ profileId, flavorId: current.id });
  await bindAll(tx, current.id, [...current.service_profiles, profileId]);
  return { service_profile: { id: profileId } };
};

const unbind = async (tx: Transaction, current: Flavor, profileId: string): Promise<void> => {
  if (!current.service_profiles.includes(profileId))
    throw FlavorServiceProfileBindingNotFound({ profileId, flavorId: current.id });
  await tx.query
    .deleteFrom('flavor_service_profiles')
    .where('flavor_id', '=', current.id)
    .where('service_profile_id', '=', profileId)
    .execute();
};

/** Forget a flavor. Throws ApiError FlavorInUse while routers have it. */
export const removeFlavor = async (tx: Transaction, { id }: Pick<Flavor, 'id'>): Promise<void> => {
  const used = await tx.query
    .selectFrom('routers')
    .select('id')
    .where('flavor_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined) throw FlavorInUse({ id });
  await tx.query.deleteFrom('flavors').where('id', '=', id).execute();
};

/** Flavors. One that routers have stays. */
export const createFlavorBehaviour = (ids: Ids): StoredBehaviour<typeof flavor> => ({
  kind: 'stored',
  definition: flavor,
  store: flavorStore,
  async create({ tx }, bodies) {
    const made: Flavor[] = [];
    for (const body of bodies) made.push(await createOne(tx, ids, body));
    return made;
  },
  update: ({ tx }, current, body) => update(tx, current, body),
  delete: ({ tx }, current) => removeFlavor(tx, current),
  actions: {
    bind_service_profile: ({ tx }, current, { body }) => bind(tx, current, body),
    unbind_service_profile: ({ tx }, current, { params }) => unbind(tx, current, params.profile_id ?? ''),
  },
});
