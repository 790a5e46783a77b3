import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ApiError, FlavorInUse } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { removeFlavor } from './behaviour.ts';
import { requireRouterFlavors } from './require.ts';

const ROUTING = { service_type: 'L3_ROUTER_NAT', name: 'ovn', default: true };

/** A flavor of one profile; the flavor's id. */
const addFlavor = async (
  { query }: Transaction,
  id: string,
  profile?: { readonly driver: string; readonly enabled: 0 | 1 },
): Promise<string> => {
  const row = { id, name: id, description: '', service_type: 'L3_ROUTER_NAT', enabled: 1 } as const;
  await query.insertInto('flavors').values(row).execute();
  if (profile === undefined) return id;
  const made = { id: `profile of ${id}`, description: '', metainfo: '', ...profile };
  await query.insertInto('service_profiles').values(made).execute();
  const bound = { flavor_id: id, service_profile_id: made.id, position: 0 };
  await query.insertInto('flavor_service_profiles').values(bound).execute();
  return id;
};

forEachDialect('flavors of routers', (databases) => {
  it('lead to a provider of routing', async () => {
    const database = await databases.open();
    await database.transaction(async (tx) => {
      const reference = 'neutron.services.ovn_l3.service_providers.ovn.OvnDriver';
      const good = [
        await addFlavor(tx, 'short', { driver: 'ovn', enabled: 1 }),
        await addFlavor(tx, 'long', { driver: reference, enabled: 1 }),
      ];
      await requireRouterFlavors(tx, [ROUTING], good);
      for (const [id, type] of [
        [await addFlavor(tx, 'other', { driver: 'mine', enabled: 1 }), 'ServiceProfileDriverNotFound'],
        [await addFlavor(tx, 'off', { driver: 'ovn', enabled: 0 }), 'ServiceProfileDisabled'],
        [await addFlavor(tx, 'empty'), 'FlavorServiceProfileBindingNotFound'],
        ['nowhere', 'FlavorNotFound'],
      ] as const)
        await assert.rejects(
          requireRouterFlavors(tx, [ROUTING], [...good, id]),
          (error: ApiError) => error.type === type,
        );
      const elsewhere = { ...ROUTING, service_type: 'QOS' };
      await assert.rejects(requireRouterFlavors(tx, [elsewhere], ['short']), {
        type: 'ServiceProfileDriverNotFound',
      });
    });
  });

  it('stay while routers have them', async () => {
    const database = await databases.open();
    await database.transaction(async (tx) => {
      const id = await addFlavor(tx, 'fast', { driver: 'ovn', enabled: 1 });
      const row = {
        id: 'router',
        project_id: 'p',
        name: '',
        description: '',
        admin_state_up: 1,
        status: 'ACTIVE',
        enable_snat: 1,
        ha: 1,
        enable_default_route_bfd: 0,
        enable_default_route_ecmp: 0,
        availability_zone_hints: '[]',
        flavor_id: id,
        created_at: tx.now,
        updated_at: tx.now,
        revision_number: 1,
      } as const;
      await tx.query.insertInto('routers').values(row).execute();
      await assert.rejects(removeFlavor(tx, { id }), (error) => FlavorInUse.is(error));
      await tx.query.deleteFrom('routers').execute();
      await removeFlavor(tx, { id });
      assert.deepEqual(await tx.query.selectFrom('flavor_service_profiles').selectAll().execute(), []);
    });
  });
});
