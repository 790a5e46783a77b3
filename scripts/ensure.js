// Makes sure that what an npm script needs is on this machine: npm packages from the lock file and Debian packages by
// apt-get. Plain JavaScript for Node >= 20 without dependencies, as it runs before anything is installed.
// Usage: node scripts/ensure.js start|test|conformance|horizon|compare. Quiet when nothing is missing; exits non-zero when it cannot help.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Debian packages and the file that tells whether each is there. */
const needed = {
  start: [
    ['ovn-central', program('ovn-northd')],
    ['ovn-host', program('ovn-controller')],
    ['openvswitch-switch', program('ovs-vswitchd')],
    ['iproute2', program('ip')],
    ['iputils-ping', program('ping')],
    ['isc-dhcp-client', program('dhclient')],
    ['ethtool', program('ethtool')],
  ],
  test: [
    [
      'postgresql',
      () => debianFolders('/usr/lib/postgresql').some((folder) => existsSync(`${folder}/bin/postgres`)),
    ],
    ['pgbouncer', program('pgbouncer')],
    ['openssl', program('openssl')],
    ['systemd', program('systemd-analyze')],
    ['python3-openstackclient', () => existsSync('/usr/lib/python3/dist-packages/openstackclient')],
    ['python3-oslo.policy', () => existsSync('/usr/lib/python3/dist-packages/oslo_policy')],
    ['python3-openstacksdk', () => existsSync('/usr/lib/python3/dist-packages/openstack')],
    ...keystone(),
  ],
  conformance: [
    ...keystone(),
    ['tempest', program('tempest')],
    ['neutron-tempest-plugin', () => existsSync('/usr/lib/python3/dist-packages/neutron_tempest_plugin')],
    ['python3-stestr', program('stestr')],
    ['python3-subunit', () => existsSync('/usr/lib/python3/dist-packages/subunit')],
  ],
  horizon: [
    ['openstack-dashboard', () => existsSync('/usr/share/openstack-dashboard/manage.py')],
    ['uwsgi-core', program('uwsgi-core')],
    ['uwsgi-plugin-python3', () => existsSync('/usr/lib/uwsgi/plugins/python3_plugin.so')],
    ['chromium', program('chromium')],
    ['chromium-driver', program('chromedriver')],
  ],
  compare: [
    ['neutron-server', program('neutron-server')],
    ['mariadb-server', program('mariadbd')],
    ['python3-pymysql', () => existsSync('/usr/lib/python3/dist-packages/pymysql')],
  ],
};

/** What packages would otherwise do on their own at installation: nothing of this machine's is to be set up. */
const packageAnswers = `
keystone keystone/configure_db boolean false
keystone keystone/create-admin-tenant boolean false
keystone keystone/register-endpoint boolean false
neutron-common neutron/configure_db boolean false
neutron-common neutron/configure_rabbit boolean false
neutron-common neutron/configure_ksat boolean false
neutron-common neutron/configure_nova boolean false
neutron-api neutron/register-endpoint boolean false
`;

/** @param {string} name */
function program(name) {
  return () => programFolders.some((folder) => existsSync(`${folder}/${name}`));
}

/** @returns {[string, () => boolean][]} */
function keystone() {
  return [
    ['keystone', program('keystone-manage')],
    ['uwsgi-core', program('uwsgi-core')],
    ['uwsgi-plugin-python3', () => existsSync('/usr/lib/uwsgi/plugins/python3_plugin.so')],
  ];
}

/** @param {string} folder */
function debianFolders(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
}

/** @param {string} message @returns {never} */
function giveUp(message) {
  console.error(`ovenbird: ${message}`);
  process.exit(1);
}

/** @param {string} purpose @returns {string[]} */
function missingPackages(purpose) {
  const list = purpose === 'start' ? needed.start : [...needed.start, ...needed[purpose]];
  return list.filter(([, present]) => !present()).map(([name]) => name);
}

// Package installation must not start services (a system-wide OVN or PostgreSQL would take ports and tables that are not
// ours): policy-rc.d forbids it while apt-get runs. One that was there before is put back, also after a failure.
const installScript = `
set -eu
policy=/usr/sbin/policy-rc.d
kept=$policy.kept-by-ovenbird
restore() {
  rm -f "$policy"
  if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
if [ -e "$policy" ] && [ ! -e "$kept" ]; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\\nexit 101\\n' >"$policy"
chmod 755 "$policy"
export DEBIAN_FRONTEND=noninteractive
if command -v debconf-set-selections >/dev/null; then debconf-set-selections; fi
install() { apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"; }
install "$@" || { apt-get update -q && install "$@"; }
`;

/** @param {string} purpose */
function ensurePackages(purpose) {
  const missing = missingPackages(purpose);
  if (missing.length === 0) return;
  const byHand = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!program('apt-get')())
    giveUp(`these Debian packages are missing, and there is no apt-get here: ${missing.join(' ')}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) {
    giveUp(
      `Debian packages are missing and this is neither root nor may it use sudo. As root, run:\n  ${byHand}`,
    );
  }
  console.error(`ovenbird: installing ${missing.join(' ')}`);
  const [command, ...rest] = [...asRoot, 'sh', '-c', installScript, 'sh', ...missing];
  const run = spawnSync(command, rest, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    input: packageAnswers,
  });
  const still = missingPackages(purpose);
  if (run.status === 0 && still.length === 0) return;
  console.error(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`.trimEnd());
  giveUp(
    `could not install ${still.join(' ')} (apt-get ended with ${run.status ?? run.signal}). By hand, as root:\n  ${byHand}`,
  );
}

/**
 * Whether node_modules is what the lock file says: by what this script noted after installing, or, after an installation
 * by hand, by npm's own note being no older than the lock file.
 * @param {string} lockFile @param {string} lockDigest @param {string} marker
 */
function modulesAreCurrent(lockFile, lockDigest, marker) {
  if (!existsSync(path.join(root, 'node_modules/.bin/node'))) return false;
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockDigest) return true;
  const note = path.join(root, 'node_modules/.package-lock.json');
  return existsSync(note) && statSync(note).mtimeMs >= statSync(lockFile).mtimeMs;
}

function ensureModules() {
  const lockFile = path.join(root, 'package-lock.json');
  const marker = path.join(root, 'node_modules/.ovenbird-lock');
  const lockDigest = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (modulesAreCurrent(lockFile, lockDigest, marker)) return;
  console.error('ovenbird: installing npm packages from the lock file');
  // Without node_modules/.bin in PATH, as npm would run on the very Node that it is about to delete.
  const folders = (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !folder.endsWith('/node_modules/.bin'));
  const env = { ...process.env, PATH: folders.join(':') };
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (run.status !== 0) {
    console.error(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`.trimEnd());
    giveUp('`npm ci` failed; see above');
  }
  if (!existsSync(path.join(root, 'node_modules/.bin/node'))) {
    giveUp('`npm ci` did not install Node 24 (package `node`): its install script must be allowed to run');
  }
  writeFileSync(marker, lockDigest);
}

const purpose = process.argv[2] ?? 'start';
if (!Object.hasOwn(needed, purpose))
  giveUp(`unknown purpose "${purpose}": ${Object.keys(needed).join(', ')}`);
if (Number(process.versions.node.split('.')[0]) < 20)
  giveUp(`Node ${process.versions.node} is too old: 20 or newer`);
ensurePackages(purpose);
ensureModules();
