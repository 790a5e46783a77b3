import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { claim } from '../conformance/claim.ts';
import { fillKeystone } from '../conformance/cloud.ts';
import { startKeystone } from '../conformance/keystone.ts';
import { startService } from '../conformance/service.ts';
import type { Steps } from '../packages/cli/src/lab/steps.ts';
import { type Answer, type ApiClient, createApiClient } from '../packages/server/src/lab/api-client.ts';
import { type Lab, startLab } from '../packages/server/src/lab/lab.ts';
import { secret } from '../packages/server/src/lab/stack.ts';
import { freePort } from '../packages/server/src/testing/free-port.ts';
import { startReference } from './reference.ts';
import { nameServer, physicalNetwork } from './settings.ts';

/** Which of the two. */
export type SideName = 'reference' | 'ovenbird';

/** Who asks: the administrator, or a member of the project `demo`. */
export type Persona = 'admin' | 'demo';

/** One service and the OVN that it writes. */
export interface Side {
  readonly name: SideName;
  readonly ovn: Lab;
  /** Any request; `path` begins at the service's root (`/v2.0/ports`). */
  ask(persona: Persona, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Ids of the projects, by persona. */
  readonly projects: { readonly [persona in Persona]: string };
}

/** A value of each side. */
export type Both<T> = { readonly [side in SideName]: T };

/** Both services at work. Disposing stops everything. */
export interface Sides extends Both<Side>, AsyncDisposable {}

const host = '127.0.0.1';

const sideOf = async (
  name: SideName,
  ovn: Lab,
  access: { readonly identityUrl: string; readonly networkUrl: string; readonly password: string },
): Promise<Side> => {
  const login = (persona: Persona): Promise<ApiClient> =>
    createApiClient({ ...access, user: persona, project: persona });
  const clients = { admin: await login('admin'), demo: await login('demo') };
  return {
    name,
    ovn,
    ask: (persona, method, url, body) => clients[persona].request(method, url, body),
    projects: { admin: clients.admin.projectId, demo: clients.demo.projectId },
  };
};

/**
 * Debian's reference looks for bridge mappings and options of a chassis where its older ovn-controller put them; Debian's
 * OVN says both elsewhere.
 */
const tellOldPlaces = async (ovn: Lab): Promise<void> => {
  for (const { name } of ovn.hosts)
    for (const key of ['ovn-bridge-mappings', 'ovn-cms-options']) {
      const value = (await ovn.central.sbctl('get', 'chassis', name, `other_config:${key}`)).trim();
      await ovn.central.sbctl('set', 'chassis', name, `external_ids:${key}=${value}`);
    }
};

/** Start Keystone, and the reference and Ovenbird behind it, each with an OVN of its own. Must run as root. */
export const startSides = async (state: string, steps: Steps): Promise<Sides> => {
  await using started = new AsyncDisposableStack();
  const data = ['reference-ovn/data', 'ovenbird-ovn/data'];
  const claimed = await claim(state, 'compare', data, started);
  const common = { logFolder: claimed.log, records: claimed.records, host };
  const password = secret(path.join(state, 'password'));
  const folder = (name: string): string => {
    mkdirSync(path.join(state, name), { recursive: true, mode: 0o700 });
    return path.join(state, name);
  };
  const keystone = await steps.step('Keystone', async () =>
    startKeystone({ ...common, folder: folder('keystone'), port: await freePort(), password }),
  );
  started.use(keystone);
  const lab = async (name: string): Promise<Lab> =>
    started.use(await steps.step(`OVN of ${name}`, () => startLab({ stateDir: folder(`${name}-ovn`) })));
  const ovns = { reference: await lab('reference'), ovenbird: await lab('ovenbird') };
  const ports = { reference: await freePort(), ovenbird: await freePort() };
  const access = (name: SideName) => ({
    identityUrl: keystone.url,
    networkUrl: `http://${host}:${ports[name]}`,
    password,
  });
  await tellOldPlaces(ovns.reference);
  await fillKeystone(access('ovenbird'));
  const service = { identityUrl: keystone.url, password, physicalNetwork };
  await steps.step('the reference', async () =>
    started.use(
      await startReference({
        ...common,
        ...service,
        folder: folder('reference'),
        ovn: ovns.reference,
        port: ports.reference,
      }),
    ),
  );
  await steps.step('Ovenbird', async () =>
    started.use(
      await startService({
        ...claimed,
        ...service,
        ovn: ovns.ovenbird,
        port: ports.ovenbird,
        ovnSettings: { dnsServers: [nameServer] },
      }),
    ),
  );
  const sides = {
    reference: await sideOf('reference', ovns.reference, access('reference')),
    ovenbird: await sideOf('ovenbird', ovns.ovenbird, access('ovenbird')),
  };
  const running = started.move();
  return { ...sides, [Symbol.asyncDispose]: () => running.disposeAsync() };
};
