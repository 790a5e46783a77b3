import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const get = async (stack: OvnStack, url: string) => {
  const { statusCode, body } = await stack.app.http.inject({ method: 'GET', url });
  return { status: statusCode, body };
};

/** Samples by name with labels. */
const figures = async (stack: OvnStack): Promise<ReadonlyMap<string, number>> => {
  const lines = (await get(stack, '/metrics')).body.split('\n').filter((line) => /^ovenbird_/.test(line));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
};

forEachDialect('figures and probes', (databases) => {
  it('tell of requests, replicas, the journal, drift, and of who lags behind', async () => {
    await using stack = await startOvnStack(await databases.freshUrl(), { comparisonInterval: 1 });
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'one', hostname: 'host-1' });
    const network = await stack.make('networks', { network: { name: 'n' } });
    await stack.make('ports', { port: { network_id: network.id } });
    const made = await figures(stack);
    assert.equal(
      made.get('ovenbird_http_request_seconds_count{method="POST",route="/v2.0/ports",status="201"}'),
      1,
    );
    assert.equal(made.get('ovenbird_ovsdb_ready{database="southbound"}'), 1);
    assert.equal(
      made.get('ovenbird_ovsdb_replica_rows{database="northbound",table="Logical_Switch_Port"}'),
      1,
    );
    const committed = made.get(
      'ovenbird_ovsdb_transaction_seconds_count{database="northbound",outcome="committed"}',
    );
    assert.ok((committed ?? 0) >= 2);
    for (const database of ['northbound', 'southbound'])
      assert.ok(Number(made.get(`ovenbird_ovsdb_round_trip_seconds{database="${database}"}`)) > 0);
    const { operations: ops } = stack.observer;
    await stack.observer.transact([ops.mutate('NB_Global', [], [['nb_cfg', '+=', 3]])]);
    await eventually(async () => {
      const lag = await figures(stack);
      assert.equal(lag.get('ovenbird_ovn_northd_lag'), 3);
      assert.equal(lag.get('ovenbird_ovn_chassis_lag{chassis="one",host="host-1"}'), 3);
    });
    await using _northd = await startNorthd(stack.servers);
    await eventually(async () => assert.equal((await figures(stack)).get('ovenbird_ovn_northd_lag'), 0));
    await stack.observer.transact([
      ops.update('Logical_Switch', [['_uuid', '==', network.id]], { name: 'broken' }),
    ]);
    await eventually(async () => {
      const repaired = await figures(stack);
      assert.equal(repaired.get('ovenbird_ovn_rows_repaired_total'), 1);
      assert.equal(repaired.get('ovenbird_ovn_rows_out_of_place'), 0);
    });
  });

  it('tell of what waits while a database is away, and that requests are served all the same', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const whole = JSON.parse((await get(stack, '/readyz')).body);
    assert.equal(whole.status, 'ready');
    assert.deepEqual(Object.keys(whole.parts), ['database', 'northbound', 'southbound']);
    await stack.servers.northbound.kill();
    await eventually(async () => {
      const { status, body } = await get(stack, '/readyz');
      assert.equal(status, 200);
      const { northbound, database } = JSON.parse(body).parts;
      assert.deepEqual([northbound.ok, database.ok], [false, true]);
      assert.match(northbound.detail, /^connecting since \d{4}-/);
    });
    await stack.make('networks', { network: { name: 'later' } });
    const away = await figures(stack);
    assert.equal(away.get('ovenbird_journal_objects'), 1);
    assert.ok(Number(away.get('ovenbird_journal_oldest_seconds')) > 0, 'at the first look');
    assert.equal(away.get('ovenbird_ovsdb_ready{database="northbound"}'), 0);
    const trips = [...away.keys()].filter((name) => name.startsWith('ovenbird_ovsdb_round_trip_seconds'));
    assert.deepEqual(trips, ['ovenbird_ovsdb_round_trip_seconds{database="southbound"}']);
    stack.app.leave();
    assert.equal((await get(stack, '/readyz')).status, 503);
    assert.equal((await get(stack, '/livez')).body, 'OK');
    await stack.app.database[Symbol.asyncDispose]();
    assert.equal((await get(stack, '/healthcheck')).body, 'failed: database');
    const blind = [...(await figures(stack)).keys()];
    assert.deepEqual(
      blind.filter((name) => name.startsWith('ovenbird_journal_')),
      [],
      'what cannot be looked at is not told',
    );
  });

  it('are all in the dashboard, which asks for nothing else', async () => {
    await using stack = await startOvnStack(await databases.freshUrl(), { comparisonInterval: 1 });
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: randomUUID(), hostname: 'host-1' });
    await stack.make('networks', { network: {} });
    const text = await readFile(new URL('../../packaging/grafana/ovenbird.json', import.meta.url), 'utf8');
    const asked = new Set([...text.matchAll(/\bovenbird_[a-z0-9_]+/g)].map(([name]) => name));
    await eventually(async () => {
      const there = new Set([...(await figures(stack)).keys()].map((name) => name.replace(/\{.*/, '')));
      assert.deepEqual(
        [...asked].filter((name) => !there.has(name)),
        [],
      );
      const ours = [...there].filter((name) => /^ovenbird_(http|ovn|ovsdb|journal)_/.test(name));
      const parts = /_(bucket|sum|count)$/;
      const shown = new Set([...asked].map((name) => name.replace(parts, '')));
      const hidden = ours.filter((name) => !shown.has(name.replace(parts, '')));
      assert.deepEqual(hidden, ['ovenbird_ovn_last_comparison_timestamp_seconds']);
    });
  });
});
