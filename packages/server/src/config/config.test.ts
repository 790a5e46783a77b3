import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parse } from 'yaml';
import { loadConfiguration } from '../main.ts';
import { ConfigError, loadConfig, variableOf } from './config.ts';
import { options } from './options.ts';
import { configPage, configReference } from './reference.ts';

const refusal = (source: Parameters<typeof loadConfig>[0], message: RegExp) =>
  assert.throws(
    () => loadConfig(source),
    (error) => error instanceof ConfigError && message.test(error.message),
  );

describe('configuration', () => {
  it('has defaults for everything and cannot be changed', () => {
    const config = loadConfig();
    assert.equal(config.api.port, 9696);
    assert.equal(config.ml2.geneveMaxHeaderSize, 38);
    assert.deepEqual(config.ml2.mechanismDrivers, ['ovn']);
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.api));
  });

  it('takes values from a file, and from the environment before it', () => {
    const file = parse(`
api: { port: 9000, host: 0.0.0.0 }
ml2:
  networkVlanRanges: [physnet1:100:200]
  physicalNetworkMtus: { physnet1: 9000 }
ovn:
`);
    const environment = {
      OVENBIRD_API_PORT: '9001',
      OVENBIRD_OVN_NB_CONNECTION: 'tcp:192.0.2.1:6641, tcp:192.0.2.2:6641',
      OVENBIRD_ML2_OVERLAY_IP_VERSION: '6',
      OVENBIRD_OVN_DHCP4_GLOBAL_OPTIONS: 'ntp_server:192.0.2.3',
      OVENBIRD_OVN_METADATA_ENABLED: 'true',
      OVENBIRD_STATE: 'not ours to read',
    };
    const config = loadConfig({ file, environment });
    assert.equal(config.api.port, 9001);
    assert.equal(config.api.host, '0.0.0.0');
    assert.deepEqual(config.ovn.nbConnection, ['tcp:192.0.2.1:6641', 'tcp:192.0.2.2:6641']);
    assert.equal(config.ml2.overlayIpVersion, 6);
    assert.deepEqual(config.ml2.networkVlanRanges, ['physnet1:100:200']);
    assert.deepEqual(config.ml2.physicalNetworkMtus, { physnet1: 9000 });
    assert.deepEqual(config.ovn.dhcp4GlobalOptions, { ntp_server: '192.0.2.3' });
    assert.equal(config.ovn.metadataEnabled, true);
  });

  it('refuses what it does not know and names what is near', () => {
    refusal({ file: { apii: {} } }, /unknown section apii; did you mean api\?/);
    refusal({ file: { api: { prot: 1 } } }, /unknown setting api\.prot; did you mean port\?/);
    refusal({ file: { ovn: { nb_connection: 'x' } } }, /did you mean nbConnection\?/);
    refusal({ file: { ovn: { 'quite something else': 'x' } } }, /unknown setting ovn\.quite something else$/);
    refusal({ environment: { OVENBIRD_API_PROT: '1' } }, /did you mean OVENBIRD_API_PORT\?/);
    refusal({ file: { constructor: {} } }, /unknown section constructor/);
  });

  it('refuses values that cannot be and says where', () => {
    refusal({ file: { api: { port: 70000 } } }, /^api\.port must be a whole number from 0 to 65535$/);
    refusal({ file: { api: { port: '' } } }, /^api\.port must be/);
    refusal({ file: { api: { host: [] } } }, /^api\.host must be text$/);
    refusal({ file: { ml2: { overlayIpVersion: 5 } } }, /^ml2\.overlayIpVersion must be one of 4, 6$/);
    refusal({ file: { ml2: { typeDrivers: { a: 1 } } } }, /^ml2\.typeDrivers must be a list$/);
    refusal({ file: { ml2: { physicalNetworkMtus: { a: 'b' } } } }, /^ml2\.physicalNetworkMtus must be/);
    refusal({ file: { ml2: { physicalNetworkMtus: { a: 67 } } } }, /^ml2\.physicalNetworkMtus must be/);
    refusal({ file: { quotas: { limits: { port: -2 } } } }, /^quotas\.limits must be a mapping/);
    refusal({ file: { ovn: { metadataEnabled: 'yes' } } }, /must be true or false/);
    refusal({ file: { api: 1 } }, /section api must be a mapping/);
    refusal({ file: [] }, /mapping of sections/);
  });

  it('is documented completely, in a form that is itself a configuration', () => {
    const reference = configReference();
    for (const [section, names] of Object.entries(options)) {
      for (const name of Object.keys(names)) {
        assert.ok(reference.includes(`environment: ${variableOf(section, name)}\n`), `${section}.${name}`);
      }
    }
    assert.deepEqual(loadConfig({ file: parse(reference) }), loadConfig());
    const uncommented = reference.replaceAll(/^ {2}#(\w)/gm, '  $1');
    assert.deepEqual(loadConfig({ file: parse(uncommented) }), loadConfig());
  });

  it('has a page in docs that is up to date (npm run generate)', async () => {
    const page = new URL('../../../../docs/configuration.md', import.meta.url);
    assert.equal(await readFile(page, 'utf8'), configPage());
  });
});

describe('values in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ovenbird-config-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'url');
  writeFileSync(file, 'postgres://ovn:secret-in-a-file@db/neutron\n');
  const refused = (environment: NodeJS.ProcessEnv, message: RegExp) =>
    assert.rejects(
      loadConfiguration(undefined, environment),
      (error) => error instanceof ConfigError && message.test(error.message) && !/secret/.test(error.message),
    );

  it('are named by variables', async () => {
    const { database, policy } = await loadConfiguration(undefined, {
      OVENBIRD_DATABASE_URL_FILE: file,
      OVENBIRD_POLICY_FILE: '/a/setting/of/its/own',
    });
    assert.equal(database.url, 'postgres://ovn:secret-in-a-file@db/neutron');
    assert.equal(policy.file, '/a/setting/of/its/own');
  });

  it('must be there, alone, and for a setting', async () => {
    await refused(
      { OVENBIRD_DATABASE_URL_FILE: join(folder, 'none') },
      /^OVENBIRD_DATABASE_URL_FILE: ENOENT/,
    );
    const both = { OVENBIRD_DATABASE_URL_FILE: file, OVENBIRD_DATABASE_URL: 'sqlite:x' };
    await refused(both, /OVENBIRD_DATABASE_URL and OVENBIRD_DATABASE_URL_FILE are both given/);
    await refused({ OVENBIRD_DATABASE_ULR_FILE: file }, /unknown variable OVENBIRD_DATABASE_ULR_FILE/);
  });
});
