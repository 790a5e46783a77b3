import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Steps } from '../packages/cli/src/lab/steps.ts';
import { startLab } from '../packages/server/src/lab/lab.ts';
import { secret } from '../packages/server/src/lab/stack.ts';
import { freePort } from '../packages/server/src/testing/free-port.ts';
import { claim } from './claim.ts';
import { type Cloud, fillKeystone, fillNetworking } from './cloud.ts';
import { startKeystone } from './keystone.ts';
import { startService } from './service.ts';

/** Keystone, OVN and Ovenbird at work. Disposing stops all of it. */
export interface CloudStack extends AsyncDisposable {
  readonly identityUrl: string;
  readonly networkUrl: string;
  /** Of every user. */
  readonly password: string;
  readonly physicalNetwork: string;
  readonly logFolder: string;
  readonly cloud: Cloud;
}

const host = '127.0.0.1';
const physicalNetwork = 'public';
const policyFile = fileURLToPath(import.meta.resolve('./policy.yaml'));

/** Start everything on loopback, with databases of its own below `state`. Must run as root. */
export const startCloud = async (state: string, steps: Steps): Promise<CloudStack> => {
  await using started = new AsyncDisposableStack();
  const folders = await claim(state, 'conformance', ['lab/data'], started);
  const password = secret(path.join(state, 'password'));
  const common = { logFolder: folders.log, records: folders.records };
  const keystone = started.use(
    await steps.step('Keystone', async () =>
      startKeystone({
        ...common,
        folder: path.join(state, 'keystone'),
        host,
        port: await freePort(),
        password,
      }),
    ),
  );
  const ovn = started.use(
    await steps.step('private OVN', () => startLab({ stateDir: path.join(state, 'lab'), chassis: 2 })),
  );
  const port = await freePort();
  const identityUrl = keystone.url;
  const networkUrl = `http://${host}:${port}`;
  const access = { identityUrl, networkUrl, password };
  const cloud = await steps.step('Ovenbird', async () => {
    await fillKeystone(access);
    const service = { ...folders, ovn, port, identityUrl, password, physicalNetwork };
    // The suites' ranges of segment ids, which projects' networks are to come from, are of vxlan.
    const ml2Settings = { projectNetworkTypes: ['vxlan', 'geneve'] };
    started.use(await startService({ ...service, policyFile, ml2Settings }));
    return await fillNetworking(access, physicalNetwork);
  });
  const running = started.move();
  return {
    ...access,
    physicalNetwork,
    logFolder: folders.log,
    cloud,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
