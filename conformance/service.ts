import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../packages/server/src/lab/command.ts';
import { type Daemon, startDaemon } from '../packages/server/src/lab/daemon.ts';
import type { Lab } from '../packages/server/src/lab/lab.ts';
import { labSettings } from '../packages/server/src/lab/stack.ts';
import type { Claim } from './claim.ts';
import { answers } from './keystone.ts';

const host = '127.0.0.1';
const command = fileURLToPath(import.meta.resolve('../packages/cli/src/main.ts'));

/** Domain of names of ports that are given none. */
export const dnsDomain = 'example.org.';

/** Limits that the suites reach, as the reference's own continuous integration sets them. */
export const quotas = { router: 100, floatingip: 500, security_group: 150, security_group_rule: 1000 };

export interface ServiceOptions extends Claim {
  readonly ovn: Lab;
  /** That it listens on, at 127.0.0.1. */
  readonly port: number;
  readonly identityUrl: string;
  /** Of Keystone's user `neutron`. */
  readonly password: string;
  /** The physical network that the lab's hosts have. */
  readonly physicalNetwork: string;
  /** Rules in place of the built-in ones. */
  readonly policyFile?: string;
  /** More options of sections `ovn` and `ml2`. */
  readonly ovnSettings?: object;
  readonly ml2Settings?: object;
}

/** `ovenbird serve` behind Keystone on a lab's OVN, with metadata ports and the ranges that the suites expect. */
export const startService = async (options: ServiceOptions): Promise<Daemon> => {
  const { ovn, port, identityUrl, password } = options;
  const database = `sqlite:${path.join(ovn.layout.data, 'ovenbird.db')}`;
  const settings = labSettings(ovn, { host, port, database, identity: { path: '', url: identityUrl } });
  const file = path.join(ovn.layout.data, 'ovenbird.json');
  const config = {
    ...settings,
    identity: { driver: 'keystone', url: identityUrl, password },
    ovn: { ...settings.ovn, metadataEnabled: true, ...options.ovnSettings },
    ml2: {
      ...settings.ml2,
      networkVlanRanges: [`${options.physicalNetwork}:100:200`],
      vxlanVniRanges: ['1:2000'],
      // The suites take every id of a tenant network to be at most 2000.
      geneveVniRanges: ['1:2000'],
      ...options.ml2Settings,
    },
    network: { dnsDomain },
    quotas: { limits: quotas },
    ...(options.policyFile === undefined ? {} : { policy: { file: options.policyFile } }),
  };
  writeFileSync(file, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  const daemon = startDaemon({
    name: 'ovenbird',
    command: [process.execPath, command, 'serve', '--config', file],
    logFolder: options.log,
    records: options.records,
    graceMs: 15_000,
  });
  try {
    await until('the API', () => answers(`http://${host}:${port}/`, daemon), { timeoutMs: 60_000 });
    return daemon;
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
};
