import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../packages/server/src/lab/command.ts';
import { startDaemon } from '../../packages/server/src/lab/daemon.ts';
import { freePort } from '../../packages/server/src/testing/free-port.ts';
import type { Claim } from '../claim.ts';
import { answers } from '../keystone.ts';

export interface DashboardOptions extends Claim {
  /** Folder of its settings. */
  readonly folder: string;
  readonly identityUrl: string;
}

/** Debian's Horizon at work. */
export interface Dashboard extends AsyncDisposable {
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  readonly url: string;
  /** The file that takes what it writes. */
  readonly logFile: string;
}

// One process: sessions are in its memory.
const server = (port: number): string => `[uwsgi]
plugins = python3
need-app = true
die-on-term = true
buffer-size = 65535
http-socket = 127.0.0.1:${port}
processes = 1
threads = 4
disable-logging = true
static-map = /static=/var/lib/openstack-dashboard/static
pythonpath = ${fileURLToPath(import.meta.resolve('.'))}
module = django.core.wsgi:get_wsgi_application()
`;

/** Start Horizon for an identity service, on a free port of loopback, with settings of its own. */
export const startDashboard = async (options: DashboardOptions): Promise<Dashboard> => {
  const { folder, identityUrl } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const ini = path.join(folder, 'uwsgi.ini');
  writeFileSync(ini, server(port));
  const daemon = startDaemon({
    name: 'horizon',
    command: ['uwsgi-core', '--ini', ini],
    env: {
      DJANGO_SETTINGS_MODULE: 'dashboard_settings',
      PYTHONDONTWRITEBYTECODE: '1',
      DASHBOARD_FOLDER: folder,
      DASHBOARD_KEYSTONE_URL: identityUrl,
      DASHBOARD_SECRET: randomBytes(32).toString('hex'),
    },
    logFolder: options.log,
    records: options.records,
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await until('Horizon', () => answers(`${url}/auth/login/`, daemon), { timeoutMs: 120_000 });
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url,
    logFile: path.join(options.log, 'horizon.out'),
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
};
