import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbServer } from '@ovenbird/ovsdb/testing';
import { createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import { eventually } from './eventually.ts';

it('a service takes renewed certificates for both databases without a restart', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-tls-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const nb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(northbound), remotes: ['ssl'] }));
  const { certificates } = nb;
  assert.ok(certificates);
  const sb = stack.use(
    await startOvsdbServer({ schemaFile: schemaFile(southbound), remotes: ['ssl'], certificates }),
  );
  const files = {
    privateKey: path.join(folder, 'key'),
    certificate: path.join(folder, 'cert'),
    caCert: certificates.client.caCertificate,
  };
  const install = async (from: { readonly privateKey: string; readonly certificate: string }) => {
    await copyFile(from.privateKey, files.privateKey);
    await copyFile(from.certificate, files.certificate);
  };
  await install(certificates.client);
  const file = {
    api: { port: 0 },
    database: { url: `sqlite:${path.join(folder, 'ovenbird.db')}` },
    identity: { driver: 'none' },
    ovn: {
      nbConnection: [nb.process.endpointOf('ssl')],
      sbConnection: [sb.process.endpointOf('ssl')],
      retryMaxInterval: 500,
      ...files,
    },
  };
  const app = stack.use(await createApp(loadConfig({ file }), { logger: quietLogger() }));
  await app.listen();
  const { ovn } = app;
  assert.ok(ovn);
  const states = () => [ovn.northbound.state, ovn.southbound.state];
  const become = (ready: boolean) =>
    eventually(async () =>
      assert.deepEqual(
        states().map((state) => state === 'ready'),
        [ready, ready],
      ),
    );
  const addNetwork = async () => {
    const asked = { method: 'POST', url: '/v2.0/networks', payload: { network: {} } } as const;
    assert.equal((await app.http.inject(asked)).statusCode, 201);
  };
  await become(true);
  await addNetwork();

  // What both servers refuse: whoever connects anew reads the files anew.
  await install(certificates.stranger);
  await nb.restart();
  await sb.restart();
  await become(false);
  await addNetwork();
  await install(certificates.client);
  await become(true);
  await eventually(async () => assert.deepEqual(await ovn.drift(), []));
  assert.equal(ovn.northbound.replica.Logical_Switch.size, 2);
});
