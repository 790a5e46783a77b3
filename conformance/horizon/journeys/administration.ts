import { tryOn, type Visit } from '../visit.ts';

/** What only an administrator does. Leaves the external network `outside`. */
export const administration = async (visit: Visit): Promise<void> => {
  const { pages, clouds } = visit;
  const to = (name: string, work: () => Promise<void>): Promise<void> => tryOn(visit, `admin: ${name}`, work);
  await to('login', () => pages.login('admin', clouds.stack.adminPassword));
  await to('an external network with a subnet', async () => {
    await pages.visit('/admin/networks/');
    await pages.click('#networks__action_create');
    await pages.submit({
      name: 'outside',
      tenant_id: 'admin',
      network_type: 'flat',
      physical_network: 'public',
      external: true,
      subnet_name: 'outside',
      cidr: '203.0.113.0/24',
    });
    await pages.visit('/admin/networks/');
    await pages.expectText('203.0.113.0/24');
  });
  await to('a project', async () => {
    await pages.visit('/identity/');
    await pages.click('#tenants__action_create');
    await pages.submit({ name: 'violet', description: 'made here' });
    await pages.expectText('violet');
  });
  await to('a user in the project, who logs in', async () => {
    const password = 'a-password-of-vera';
    await pages.visit('/identity/users/');
    await pages.click('#users__action_create');
    await pages.submit({
      name: 'vera',
      password,
      confirm_password: password,
      project: 'violet',
      role_id: 'member',
    });
    await pages.expectText('vera');
    await pages.login('vera', password);
    await pages.expectText('violet');
    await pages.login('admin', clouds.stack.adminPassword);
  });
  await to('a role', async () => {
    await pages.visit('/identity/roles/');
    await pages.expectText('member');
  });
  await to('an RBAC policy', async () => {
    await pages.visit('/admin/rbac_policies/');
    await pages.click('[id$="__action_create"]');
    await pages.submit({
      target_tenant: 'violet',
      action_object_type: 'Shared Network',
      network_id: 'outside',
    });
    await pages.visit('/admin/rbac_policies/');
    await pages.agree('violet', 'delete');
    await pages.expectText('violet', false);
  });
  await to('the agents', async () => {
    await pages.visit('/admin/info/?tab=system_info__network_agents');
    await pages.expectText('ovn-controller');
  });
  await to('delete the user and the project', async () => {
    await pages.visit('/identity/users/');
    await pages.agree('vera', 'delete');
    await pages.visit('/identity/');
    await pages.agree('violet', 'delete');
  });
  await to('logout', () => pages.logout());
};
