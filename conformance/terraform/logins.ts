import type { Clouds } from '../../test/clients/clouds.ts';
import type { Checks } from '../checks.ts';
import { createRest, login } from '../rest.ts';
import { openTool, type ToolOptions } from './tool.ts';

type Environment = { readonly [name: string]: string };

interface Credential {
  readonly id: string;
  readonly secret: string;
}

const makeCredential = async ({ stack }: Clouds, token: string): Promise<Credential> => {
  const { identityUrl, adminPassword } = stack;
  const admin = { identityUrl, user: 'admin', password: adminPassword, project: 'admin' };
  const rosa = await createRest(identityUrl, await login(admin)).ensure('users', 'user', { name: 'rosa' });
  const path = `/users/${rosa}/application_credentials`;
  const body = { application_credential: { name: 'robot' } };
  const made = await createRest(identityUrl, token).request('POST', path, body);
  return made.application_credential as Credential; // the service's own form
};

/** Ways to say in the environment who one is. */
const ways = async (clouds: Clouds): Promise<{ readonly [way: string]: Environment }> => {
  const { stack, password, environment } = clouds;
  const { OS_CLIENT_CONFIG_FILE = '', HOME = '' } = environment;
  const { identityUrl } = stack;
  const common = { HOME, OS_AUTH_URL: identityUrl, OS_REGION_NAME: 'RegionOne' };
  const scope = { OS_PROJECT_NAME: 'red', OS_PROJECT_DOMAIN_NAME: 'Default' };
  const token = await login({ identityUrl, user: 'rosa', password, project: 'red' });
  const credential = await makeCredential(clouds, token);
  return {
    'clouds.yaml': { HOME, OS_CLOUD: 'red', OS_CLIENT_CONFIG_FILE },
    'a password in the environment': {
      ...common,
      ...scope,
      OS_USERNAME: 'rosa',
      OS_PASSWORD: password,
      OS_USER_DOMAIN_NAME: 'Default',
    },
    'a token in the environment': { ...common, ...scope, OS_TOKEN: token },
    'an application credential in the environment': {
      ...common,
      OS_APPLICATION_CREDENTIAL_ID: credential.id,
      OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
    },
  };
};

/** Log in in each way, and fail to. */
export const logins = async (
  options: Omit<ToolOptions, 'environment'>,
  clouds: Clouds,
  checks: Checks,
): Promise<void> => {
  const known = await ways(clouds);
  for (const [way, environment] of Object.entries(known)) {
    await checks.try(`login by ${way}`, async () => {
      const tool = openTool({ ...options, environment });
      await tool.run('apply', '-no-color', '-auto-approve');
      const shown = [await tool.run('output', '-raw', 'user'), await tool.run('output', '-raw', 'project')];
      if (shown.join(' ') !== 'rosa red') throw new Error(`it is ${shown.join(' of ')}`);
      await tool.expectNoChange();
      await tool.run('destroy', '-no-color', '-auto-approve');
    });
  }
  await checks.try('a wrong password is told', async () => {
    const environment = { ...known['a password in the environment'], OS_PASSWORD: 'wrong' };
    const tool = openTool({ ...options, environment });
    const said = await tool.run('plan', '-no-color').then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    if (!/Authentication failed|Unauthorized|401/.test(said)) throw new Error(`it said ${said}`);
  });
};
