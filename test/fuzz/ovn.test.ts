import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startNorthd } from '../ovn/northd.ts';
import { type OvnStack, startOvnStack } from '../ovn/stack.ts';
import { fuzz } from './run.ts';

const run = promisify(execFile);

let folder: string;
let stack: OvnStack;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-fuzz-ovn-'));
  stack = await startOvnStack(`sqlite:${join(folder, 'db')}`);
});
after(async () => {
  await stack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** What OVN's own parser says of every logical flow; `ovn-trace` reads them all before it traces anything. */
const complaints = async (): Promise<readonly string[]> => {
  const { northbound, southbound } = stack.servers;
  await run('ovn-nbctl', [`--db=${northbound.endpoint}`, '--wait=sb', '--timeout=60', 'sync']);
  const datapath = ['--columns=_uuid', '--bare', 'list', 'Datapath_Binding'];
  const { stdout } = await run('ovn-sbctl', [`--db=${southbound.endpoint}`, ...datapath]);
  const [first = ''] = stdout.trim().split('\n');
  const trace = [`--db=${southbound.endpoint}`, '--minimal', first, 'ip4'];
  const { stderr } = await run('ovn-trace', trace, { maxBuffer: 50_000_000 }).catch((error) => error);
  return String(stderr)
    .split('\n')
    .filter((line) => /pars/.test(line));
};

test('whatever is asked, OVN is what SQL says and understands every flow', async () => {
  const report = await fuzz({
    http: stack.app.http,
    tokens: [''],
    file: undefined,
    requests: 1_500,
    seed: 11,
  });
  assert.equal(report.findings.length, 0, JSON.stringify(report.findings.slice(0, 5), undefined, 2));
  await using _northd = await startNorthd(stack.servers);
  assert.deepEqual(await stack.drift(), []);
  const rows = [...(await stack.see()).ACL.rows()];
  assert.ok(rows.length > 20, `${rows.length} ACLs`);
  assert.deepEqual(await complaints(), []);
  // The parser is asked indeed: a match of somebody else that cannot be is told.
  const { id } = await stack.make('networks', { network: { name: 'a' } });
  const acl = ['acl-add', `neutron-${id}`, 'from-lport', '1000', 'ip4.src == "broken', 'drop'];
  await run('ovn-nbctl', [`--db=${stack.servers.northbound.endpoint}`, ...acl]);
  assert.notDeepEqual(await complaints(), []);
});
