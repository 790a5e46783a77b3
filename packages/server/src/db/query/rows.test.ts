import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError, type ListQuery } from '@ovenbird/api';
import { sql } from 'kysely';
import { forEachDialect } from '../../testing/databases.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';
import { eachOf } from './each-of.ts';
import { mayBeNull } from './nullable-columns.ts';
import { countRows, findRow, findRows, listRows } from './rows.ts';
import type { RowScope, RowSource, SqlValue } from './source.ts';

const identical = (column: string) => ({ column, encode: (value: unknown) => value as SqlValue });

const subnets: RowSource = {
  table: 'subnets',
  columns: {
    ...Object.fromEntries(
      ['id', 'project_id', 'name', 'gateway_ip', 'ip_version', 'updated_at', 'segment_id'].map((name) => [
        name,
        identical(name),
      ]),
    ),
    enable_dhcp: { column: 'enable_dhcp', encode: (value) => (value === true ? 1 : 0) },
  },
  filters: {
    shared:
      ([wanted]) =>
      (eb) =>
        wanted === true ? eb('subnets.name', '=', 'c') : eb('subnets.name', '!=', 'c'),
  },
};

const everything: ListQuery = {
  filters: [],
  tagFilters: { all: [], any: [], notAll: [], notAny: [] },
  changedSince: undefined,
  fields: [],
  sorts: [{ attribute: 'id', descending: false }],
  limit: undefined,
  marker: undefined,
  pageReverse: false,
};

const rowsOf = [
  { id: '1', project_id: 'p', name: 'b', gateway_ip: '192.0.2.1', tags: ['red', 'blue'] },
  { id: '2', project_id: 'p', name: 'a', gateway_ip: null, tags: ['red'] },
  { id: '3', project_id: 'q', name: 'c', gateway_ip: '192.0.2.9', tags: [] },
  { id: '4', project_id: 'q', name: 'a', gateway_ip: null, tags: ['blue', 'green'] },
  { id: '5', project_id: 'p', name: 'a', gateway_ip: '192.0.2.5', tags: [] },
] as const;

const fill = (database: Database) =>
  database.transaction(async (tx) => {
    const common = { description: '', created_at: tx.now, revision_number: 0 };
    await tx.query
      .insertInto('networks')
      .values({
        ...common,
        id: 'n',
        project_id: 'p',
        name: '',
        admin_state_up: 1,
        status: 'ACTIVE',
        mtu: 1500,
        port_security_enabled: 1,
        external: 0,
        is_default: 0,
        vlan_transparent: null,
        availability_zone_hints: '[]',
        dns_domain: '',
        updated_at: tx.now,
      })
      .execute();
    for (const { tags, ...row } of rowsOf) {
      await tx.query
        .insertInto('subnets')
        .values({
          ...common,
          ...row,
          network_id: 'n',
          ip_version: 4,
          cidr: '192.0.2.0/24',
          enable_dhcp: row.id === '3' ? 0 : 1,
          ipv6_ra_mode: null,
          ipv6_address_mode: null,
          subnetpool_id: null,
          segment_id: null,
          allocation_pools: '[]',
          dns_nameservers: '[]',
          host_routes: '[]',
          service_types: '[]',
          dns_publish_fixed_ip: 0,
          updated_at: `2026-01-0${row.id}T00:00:00Z`,
        })
        .execute();
      for (const tag of tags) await tx.query.insertInto('tags').values({ object_id: row.id, tag }).execute();
    }
  });

const idsOf = async (database: Database, list: Partial<ListQuery>, scope: RowScope = 'everything') => {
  const query = { ...everything, ...list };
  return database.read(async (reader) => {
    const rows = await listRows(reader, subnets, query, scope);
    if (query.limit === undefined) assert.equal(await countRows(reader, subnets, query, scope), rows.length);
    return rows.map((row) => row.id).join('');
  });
};

forEachDialect('lists', (databases) => {
  it('filter on columns, absent values, several values and attributes that are no columns', async () => {
    const db = await databases.open();
    await fill(db);
    const equal = (attribute: string, ...values: (string | number | boolean | null)[]) =>
      ({ kind: 'equal', attribute, values }) as const;
    assert.equal(await idsOf(db, {}), '12345');
    assert.equal(await idsOf(db, { filters: [equal('name', 'a')] }), '245');
    assert.equal(await idsOf(db, { filters: [equal('name', 'a', 'b', 'x')] }), '1245');
    assert.equal(await idsOf(db, { filters: [equal('name', 'a'), equal('gateway_ip', null)] }), '24');
    assert.equal(await idsOf(db, { filters: [equal('gateway_ip', null, '192.0.2.1')] }), '124');
    assert.equal(await idsOf(db, { filters: [equal('enable_dhcp', false)] }), '3');
    assert.equal(await idsOf(db, { filters: [equal('enable_dhcp', false, true)] }), '12345');
    assert.equal(await idsOf(db, { filters: [equal('ip_version', 4)] }), '12345');
    assert.equal(await idsOf(db, { filters: [equal('ip_version', 99999999999)] }), '');
    assert.equal(await idsOf(db, { filters: [equal('name')] }), '');
    assert.equal(await idsOf(db, { filters: [equal('shared', true)] }), '3');
    assert.equal(await idsOf(db, { filters: [equal('name', "a' or 1=1 --")] }), '');
    assert.equal(await idsOf(db, { changedSince: '2026-01-03T00:00:00Z' }), '345');
    await assert.rejects(idsOf(db, { filters: [equal('constructor', 'x')] }), ApiError);
  });

  it('filter on tags', async () => {
    const db = await databases.open();
    await fill(db);
    const none = everything.tagFilters;
    assert.equal(await idsOf(db, { tagFilters: { ...none, all: ['red', 'blue'] } }), '1');
    assert.equal(await idsOf(db, { tagFilters: { ...none, any: ['red', 'green'] } }), '124');
    assert.equal(await idsOf(db, { tagFilters: { ...none, notAll: ['red', 'blue'] } }), '2345');
    assert.equal(await idsOf(db, { tagFilters: { ...none, notAny: ['red', 'green'] } }), '35');
    assert.equal(await idsOf(db, { tagFilters: { ...none, any: ['blue'], notAny: ['green'] } }), '1');
  });

  it('show a project its own rows and those it is allowed to see', async () => {
    const db = await databases.open();
    await fill(db);
    assert.equal(await idsOf(db, {}, { projectId: 'q', visible: undefined }), '34');
    const visible = { projectId: 'q', visible: (eb) => eb('subnets.name', 'in', eachOf(['b'])) } as RowScope;
    assert.equal(await idsOf(db, {}, visible), '134');
    await db.read(async (reader) => {
      assert.equal((await findRow(reader, subnets, '1', visible))?.name, 'b');
      assert.equal(await findRow(reader, subnets, '2', visible), undefined);
      const found = await findRows(reader, subnets, ['4', '2', '1', 'x'], visible);
      assert.deepEqual(
        found.map((row) => row.id),
        ['4', '1'],
      );
    });
  });

  it('sort with absent values first, equally in both dialects', async () => {
    const db = await databases.open();
    await fill(db);
    const by = (attribute: string, descending = false) => ({ attribute, descending });
    assert.equal(await idsOf(db, { sorts: [by('gateway_ip'), by('id')] }), '24153');
    assert.equal(await idsOf(db, { sorts: [by('gateway_ip', true), by('id')] }), '35124');
    assert.equal(await idsOf(db, { sorts: [by('name'), by('id', true)] }), '54213');
    await assert.rejects(idsOf(db, { sorts: [by('shared')] }), ApiError);
  });

  it('page to the end and back, whatever the order and the size of pages', async () => {
    const db = await databases.open();
    await fill(db);
    const orders = ['id', 'name', 'gateway_ip', 'project_id'].flatMap((attribute) =>
      [false, true].map((descending) => [
        { attribute, descending },
        ...(attribute === 'id' ? [] : [{ attribute: 'id', descending: !descending }]),
      ]),
    );
    for (const sorts of orders) {
      const whole = await idsOf(db, { sorts });
      for (const limit of [1, 2, 3, 5]) {
        const forward = await allPages(db, { sorts, limit }, (page) => page.at(-1));
        assert.equal(forward.join(''), whole, JSON.stringify({ sorts, limit }));
        const backward = await allPages(db, { sorts, limit, pageReverse: true }, (page) => page.at(0));
        assert.equal(backward.toReversed().join(''), whole, JSON.stringify({ sorts, limit, reverse: true }));
      }
    }
  });

  it('refuse a marker that the caller cannot see', async () => {
    const db = await databases.open();
    await fill(db);
    const missing = (error: unknown) => error instanceof ApiError && error.status === 404;
    await assert.rejects(idsOf(db, { limit: 1, marker: 'x' }), missing);
    await assert.rejects(
      idsOf(db, { limit: 1, marker: '1' }, { projectId: 'q', visible: undefined }),
      missing,
    );
  });
});

const allPages = async (
  database: Database,
  list: Partial<ListQuery>,
  next: (page: string) => string | undefined,
): Promise<readonly string[]> => {
  const pages: string[] = [];
  let marker: string | undefined;
  do {
    const page = await idsOf(database, { ...list, marker });
    if (page !== '') pages.push(page);
    marker = next(page);
  } while (marker !== undefined);
  return pages;
};

forEachDialect('the schema', (databases) => {
  it('allows absent values exactly where the code expects them', async () => {
    const db = await databases.open();
    const columns = await db.read(({ query }) => nullability(query, db.traits.name));
    const known = columns.filter((column) => column.table !== 'schema_history');
    assert.ok(known.length > 100);
    for (const { table, column, nullable } of known) {
      // The name was read from the schema that the type describes.
      assert.equal(mayBeNull(table as keyof Tables, column), nullable, `${table}.${column}`);
    }
  });
});

const nullability = async (
  query: Parameters<Parameters<Database['read']>[0]>[0]['query'],
  dialect: string,
): Promise<readonly { table: string; column: string; nullable: boolean }[]> => {
  const statement =
    dialect === 'sqlite'
      ? sql<{ table: string; column: string; nullable: number }>`
          select m.name as "table", c.name as "column", c."notnull" = 0 and c.pk = 0 as nullable
          from sqlite_master m, pragma_table_info(m.name) c
          where m.type = 'table' and m.name not like 'sqlite_%'`
      : sql<{ table: string; column: string; nullable: boolean }>`
          select table_name as "table", column_name as "column", is_nullable = 'YES' as nullable
          from information_schema.columns where table_schema = 'public'`;
  const { rows } = await statement.execute(query);
  return rows.map((row) => ({ ...row, nullable: Boolean(row.nullable) }));
};
