import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createApp } from '../../app.ts';
import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../core/logger.ts';
import { makeCertificate } from '../../testing/certificate.ts';
import { freePort } from '../../testing/free-port.ts';
import { examineSurroundings } from './surroundings.ts';

test('an API with a certificate of its own is asked by that certificate, and by no other', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-doctor-'));
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const own = makeCertificate(folder, 'own', { alternative: 'DNS:network.example', days: 90 });
  const other = makeCertificate(folder, 'other', { days: 10 });
  const configured = (tls: typeof own, port: number) =>
    loadConfig({
      file: {
        api: { port, tlsCertificate: tls.certificate, tlsKey: tls.key },
        database: { url: `sqlite:${path.join(folder, 'ovenbird.db')}` },
        ml2: { mechanismDrivers: ['logger'] },
        nova: { caFile: other.certificate },
      },
    });
  const port = await freePort();
  const found = async (tls: typeof own) => {
    const findings = await Array.fromAsync(examineSurroundings(configured(tls, port)));
    return findings.map(({ check, status, detail }) => `${status} ${check}: ${detail}`).join('\n');
  };
  assert.match(await found(own), /^warning api: .*ECONNREFUSED/m);
  await using app = await createApp(configured(own, port), { logger: createLogger({ level: 'silent' }) });
  await app.listen();
  const well = await found(own);
  assert.match(well, /^ok api: https:.* says that it is ready$/m);
  assert.match(well, /^ok certificate: .*own\.crt is good for \d+ days$/m);
  assert.match(well, /^warning certificate: .*other\.crt expires in \d+ days$/m);
  assert.match(await found(other), /^warning api: .*certificate/m);
});
