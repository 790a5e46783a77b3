import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ApiError, type Port } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { createPortSecurityExtensionDriver } from './port-security.ts';

const driver = createPortSecurityExtensionDriver();
const PAIR = { mac_address: 'fa:16:3e:00:00:01', ip_address: '10.0.0.9' };
const GROUP = '11111111-1111-1111-1111-111111111111';

interface Case {
  readonly it: string;
  readonly original?: Partial<Port>;
  readonly network?: boolean;
  readonly requested: { readonly [attribute: string]: unknown };
  readonly is: boolean | readonly [status: number, type: string];
}

const PAIRS_NEED_SECURITY = [409, 'AddressPairAndPortSecurityRequired'] as const;
const GROUPS_NEED_SECURITY = [400, 'PortSecurityAndIPRequiredForSecurityGroups'] as const;
const HAS_GROUPS = [409, 'PortSecurityPortHasSecurityGroup'] as const;

const on = { port_security_enabled: true, allowed_address_pairs: [], security_groups: [] };

const cases: readonly Case[] = [
  { it: 'new: on unless the network says otherwise', requested: {}, network: true, is: true },
  { it: 'new: off as the network says', requested: {}, network: false, is: false },
  {
    it: 'new: own word over the network',
    requested: { port_security_enabled: true },
    network: false,
    is: true,
  },
  { it: 'new: off by its own word', requested: { port_security_enabled: false }, network: true, is: false },
  {
    it: 'new: service ports are trusted',
    requested: { device_owner: 'network:dhcp' },
    network: true,
    is: false,
  },
  { it: 'new: guests are not', requested: { device_owner: 'compute:nova' }, network: true, is: true },
  {
    it: 'new: off takes no pairs',
    requested: { port_security_enabled: false, allowed_address_pairs: [PAIR] },
    is: PAIRS_NEED_SECURITY,
  },
  {
    it: 'new: off by the network takes no groups',
    requested: { security_groups: [GROUP] },
    network: false,
    is: GROUPS_NEED_SECURITY,
  },
  {
    it: 'new: off with empty lists',
    requested: { port_security_enabled: false, allowed_address_pairs: [], security_groups: [] },
    is: false,
  },
  { it: 'update: stays', original: on, requested: { name: 'x' }, is: true },
  { it: 'update: off', original: on, requested: { port_security_enabled: false }, is: false },
  {
    it: 'update: not off with pairs',
    original: { ...on, allowed_address_pairs: [PAIR] },
    requested: { port_security_enabled: false },
    is: PAIRS_NEED_SECURITY,
  },
  {
    it: 'update: not off with groups',
    original: { ...on, security_groups: [GROUP] },
    requested: { port_security_enabled: false },
    is: HAS_GROUPS,
  },
  {
    it: 'update: off while both are removed',
    original: { ...on, security_groups: [GROUP], allowed_address_pairs: [PAIR] },
    requested: { port_security_enabled: false, security_groups: [], allowed_address_pairs: [] },
    is: false,
  },
  {
    it: 'update: a group on a port without security',
    original: { ...on, port_security_enabled: false },
    requested: { security_groups: [GROUP] },
    is: GROUPS_NEED_SECURITY,
  },
  {
    it: 'update: a pair on a port without security',
    original: { ...on, port_security_enabled: false },
    requested: { allowed_address_pairs: [PAIR] },
    is: PAIRS_NEED_SECURITY,
  },
  {
    it: 'update: on again with a group',
    original: { ...on, port_security_enabled: false },
    requested: { port_security_enabled: true, security_groups: [GROUP] },
    is: true,
  },
];

forEachDialect('port security', (databases) => {
  describe('of ports', () => {
    let database: Database;
    before(async () => {
      database = await databases.open();
    });
    for (const one of cases) {
      it(one.it, async () => {
        const values: { [attribute: string]: unknown } = {};
        const process = () =>
          database.transaction(async (tx) =>
            driver.processPort?.(
              {
                action: one.original === undefined ? 'create' : 'update',
                // The driver reads only what the case gives.
                original: one.original as Port | undefined,
                requested: one.requested,
                values,
                reader: tx,
                ...(one.network === undefined
                  ? {}
                  : { network: { id: 'n', port_security_enabled: one.network } }),
              },
              tx,
            ),
          );
        if (typeof one.is === 'boolean') {
          await process();
          assert.equal(values.port_security_enabled, one.is);
          return;
        }
        const [status, type] = one.is;
        await assert.rejects(process, (error: unknown) => {
          assert.ok(error instanceof ApiError);
          assert.deepEqual([error.status, error.type], [status, type]);
          return true;
        });
      });
    }
  });
});
