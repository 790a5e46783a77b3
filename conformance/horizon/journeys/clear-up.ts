import type { Visit } from '../visit.ts';

/** Tries something as somebody. */
export type To = (name: string, work: () => Promise<void>) => Promise<void>;

/** Delete by Horizon what the tenant made by it. */
export const clearUp = async ({ pages, clouds }: Visit, to: To): Promise<void> => {
  await to('release the floating IP', async () => {
    await pages.visit('/project/floating_ips/');
    await pages.agree('203.0.113.', 'release');
    await pages.expectText('203.0.113.', false);
  });
  await to('delete the interface, the gateway and the router', async () => {
    await pages.visit('/project/routers/');
    await pages.click('tbody tr a', 'bridge');
    await pages.click('a[href*="interfaces"]');
    await pages.agree('10.70.0.1', 'delete');
    await pages.visit('/project/routers/');
    await pages.agree('bridge', 'clear');
    await pages.agree('bridge', 'delete');
    await pages.expectText('bridge', false);
  });
  await to('delete the security group', async () => {
    await pages.visit('/project/security_groups/');
    await pages.agree('hedge', 'delete');
    await pages.expectText('hedge', false);
  });
  await to('a network in use is told as such', async () => {
    await pages.visit('/project/networks/');
    const said = await pages.agree('meadow', 'delete').then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    if (!/ports still exist|Unable to delete|in use/i.test(said)) throw new Error(`it said ${said}`);
  });
  await to('delete port and network', async () => {
    await pages.visit('/project/networks/');
    await pages.click('tbody tr a', 'meadow');
    await pages.click('a[href*="ports_tab"]');
    await pages.agree('gate', 'delete');
    await pages.visit('/project/networks/');
    await pages.agree('meadow', 'delete');
    await pages.expectText('meadow', false);
    const admin = await clouds.stack.admin();
    const { body } = await admin.request('GET', '/v2.0/networks?name=meadow');
    if (JSON.stringify(body) !== '{"networks":[]}') throw new Error(JSON.stringify(body));
  });
};
