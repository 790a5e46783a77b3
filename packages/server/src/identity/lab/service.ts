import { type Clock, systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { createTokenBuckets } from '../../core/token-buckets.ts';
import { ApplicationCredentials } from './credentials.ts';
import { Directory } from './directory.ts';
import { createIdentityListener } from './http/listener.ts';
import { type EnsuredUser, ensureProject, ensureUser, seed } from './seed.ts';
import { Sessions } from './sessions.ts';
import { IdentityStore } from './store.ts';

export interface LabIdentityServiceOptions {
  /** The file that holds users, projects and the signing key; made with mode 0600. */
  readonly path: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** URL of the networking API for the catalogue, `http://127.0.0.1:9696`; read for each token. */
  readonly networkUrl: string;
  /** Set for the user `admin`; without it a random one is made on the first start. */
  readonly adminPassword?: string;
  /** Seconds that a token is good for; default 4 hours. */
  readonly tokenLifetime?: number;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A small identity service with Keystone's v3 API, for the lab and for tests; not for production. */
export interface LabIdentityService extends AsyncDisposable {
  /** The administrator's password when it is known: given, or made up on this (first) start. */
  readonly adminPassword: string | undefined;
  /** `http://127.0.0.1:5000/v3`; known once it listens. */
  readonly url: string;
  listen(): Promise<void>;
  /** Id of the project, made when there is none. */
  ensureProject(name: string): string;
  /** Id of the user, made when there is none; its password and roles are set either way. */
  ensureUser(wanted: EnsuredUser): Promise<string>;
}

/** Wrong passwords of one user: ten at once, then one in ten seconds. Right ones are not counted. */
const guessing = { rate: 0.1, burst: 10, capacity: 10_000 };

export const createLabIdentityService = async (
  options: LabIdentityServiceOptions,
): Promise<LabIdentityService> => {
  const store = new IdentityStore(options.path);
  const directory = new Directory(store);
  const { clock = systemClock } = options;
  const sessions = new Sessions(store, directory, clock, options.tokenLifetime ?? 4 * 3600);
  const adminPassword = await seed(directory, options.adminPassword);
  let origin = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
  const places = () => ({ identity: `${origin}/v3`, network: options.networkUrl });
  const guesses = createTokenBuckets({ ...guessing, now: () => clock.now().getTime() });
  const credentials = new ApplicationCredentials(store);
  const services = { directory, credentials, sessions, places, guesses };
  const listener = createIdentityListener(services, options.logger);
  return {
    adminPassword,
    get url() {
      return places().identity;
    },
    async listen() {
      origin = await listener.listen({ host: options.host, port: options.port });
    },
    ensureProject: (name) => ensureProject(directory, name).id,
    ensureUser: (wanted) => ensureUser(directory, wanted),
    async [Symbol.asyncDispose]() {
      await listener.close();
      store[Symbol.dispose]();
    },
  };
};
