import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CommandResult, type Stack, startStack, tryCommand, writeClouds } from '@ovenbird/server';

/** A whole stack with two tenants, and clouds.yaml for clients: clouds admin, red, red-reader, blue, and green, which is not there yet. */
export interface Clouds extends AsyncDisposable {
  readonly stack: Stack;
  /** Of everybody but the administrator. */
  readonly password: string;
  /** What a client's environment needs to find the clouds. */
  readonly environment: { readonly [name: string]: string };
  /** Run a client program in its own process, away from any Python but Debian's. */
  client(command: readonly string[], timeoutMs?: number): Promise<CommandResult>;
}

const password = 'a-lab-password';

/** @param kept folder of its state, which outlives it; a new one, which does not, when absent */
export async function openClouds(kept?: string): Promise<Clouds> {
  const stateDir = kept ?? mkdtempSync(path.join(tmpdir(), 'ovenbird-clients-'));
  const stack = await startStack({ stateDir, apiPort: 0, identityPort: 0 });
  const logins = [
    { cloud: 'red', user: 'rosa', password, project: 'red', roles: ['member'] },
    { cloud: 'red-reader', user: 'rita', password, project: 'red', roles: ['reader'] },
    { cloud: 'blue', user: 'bert', password, project: 'blue', roles: ['member'] },
  ];
  for (const login of logins) await stack.login(login);
  const admin = { cloud: 'admin', user: 'admin', password: stack.adminPassword, project: 'admin' };
  // Made by a test through the identity API.
  const green = { cloud: 'green', user: 'gina', password, project: 'green' };
  const file = writeClouds(stateDir, stack.identityUrl, [...logins, green, admin]);
  const environment = { OS_CLIENT_CONFIG_FILE: file, HOME: stateDir };
  return {
    stack,
    password,
    environment,
    client: (command, timeoutMs = 60_000) => tryCommand(command, { env: environment, timeoutMs }),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      if (kept === undefined) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
