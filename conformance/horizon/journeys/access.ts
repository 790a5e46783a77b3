import { network } from '@ovenbird/api';
import { tryOn, type Visit } from '../visit.ts';

const expectIn = (text: string, wanted: readonly string[]): void => {
  const missing = wanted.filter((one) => !text.includes(one));
  if (missing.length > 0) throw new Error(`no ${missing.join(', ')} in ${text}`);
};

/** A file that Horizon hands out. */
const download = async ({ browser }: Visit, path: string): Promise<string> =>
  String(await browser.run('return fetch(arguments[0]).then((answer) => answer.text());', path));

/** Log in as somebody, look at every page that the menu has, fetch the files for other clients, and go. */
const lookAround = async (visit: Visit, user: string, password: string): Promise<void> => {
  const { pages, clouds } = visit;
  await tryOn(visit, `${user} logs in`, () => pages.login(user, password));
  const menu = await pages.menu();
  await tryOn(visit, `${user} finds ${menu.length} pages`, async () => {
    if (menu.length < 10) throw new Error(menu.join(' '));
  });
  for (const path of menu) await tryOn(visit, `${user} looks at ${path}`, () => pages.visit(path));
  await tryOn(visit, `${user} fetches openrc and clouds.yaml`, async () => {
    await pages.visit('/project/api_access/');
    for (const kind of ['openrc', 'clouds.yaml'])
      expectIn(await download(visit, `/project/api_access/${kind}/`), [clouds.stack.identityUrl, user]);
  });
  await tryOn(visit, `${user} logs out`, () => pages.logout());
};

const changePassword = (visit: Visit, user: string, before: string, after: string): Promise<void> =>
  tryOn(visit, `${user} changes the password and logs in with it`, async () => {
    const { pages } = visit;
    await pages.login(user, before);
    await pages.visit('/settings/password/');
    await pages.submit(
      { current_password: before, new_password: after, confirm_password: after },
      'Password changed',
    );
    await pages.login(user, after);
    await pages.logout();
  });

const applicationCredential = (visit: Visit): Promise<void> =>
  tryOn(visit, 'rosa makes and deletes an application credential', async () => {
    const { pages, clouds } = visit;
    await pages.login('rosa', clouds.password);
    await pages.visit('/identity/application_credentials/');
    await pages.click('#application_credentials__action_create');
    await pages.submit({ name: 'robot' }, 'Your application credential');
    await pages.visit('/identity/application_credentials/');
    await pages.agree('robot', 'delete');
    await pages.expectText('robot', false);
    await pages.logout();
  });

/** A member of two projects goes from one to the other. */
const changeProject = (visit: Visit): Promise<void> =>
  tryOn(visit, 'bert changes the project', async () => {
    const { pages, clouds } = visit;
    const { stack, password } = clouds;
    await stack.login({ user: 'bert', password, project: 'green', roles: ['member'] });
    const blue = await stack.login({ user: 'bert', password, project: 'blue', roles: ['member'] });
    await blue.create(network, { name: 'of-blue' });
    await pages.login('bert', password);
    await pages.changeProject('green');
    await pages.visit('/project/networks/');
    await pages.expectText('of-blue', false);
    await pages.changeProject('blue');
    await pages.visit('/project/networks/');
    await pages.expectText('of-blue');
    await pages.logout();
  });

/** Who may come in, and what they find there. */
export const access = async (visit: Visit): Promise<void> => {
  const { pages, clouds } = visit;
  const { stack, password } = clouds;
  await tryOn(visit, 'a wrong password is told as such', async () => {
    const said = await pages.login('rosa', 'wrong').then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    expectIn(said, ['Invalid credentials']);
  });
  const users = { admin: stack.adminPassword, rosa: password, rita: password };
  for (const [user, own] of Object.entries(users)) await lookAround(visit, user, own);
  await applicationCredential(visit);
  await changeProject(visit);
  await changePassword(visit, 'rita', password, 'quite-another-password');
};
