import type { World } from './world.ts';

/** Quotas and the tables of what they count. */
const counted = {
  network: 'networks',
  subnet: 'subnets',
  port: 'ports',
  router: 'routers',
  floatingip: 'floating_ips',
  security_group: 'security_groups',
  security_group_rule: 'security_group_rules',
  trunk: 'trunks',
  address_group: 'address_groups',
  rbac_policy: 'rbac_entries',
} as const;

const ANSWER_MS = 5_000;

const ask = async (url: string, path: string) => {
  const response = await fetch(`${url}/v2.0/${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return JSON.parse(await response.text());
};

/** What every project owns, by quota, counted by SQL. */
const owned = async ({ postgres, databaseUrl }: World): Promise<ReadonlyMap<string, number>> => {
  const parts = Object.entries(counted).map(
    ([quota, table]) =>
      `select '${quota}' as quota, project_id, count(*) as n from ${table} group by project_id`,
  );
  const rows = await postgres.query(databaseUrl, parts.join(' union all '));
  return new Map(rows.map((row) => [`${row.quota} of ${row.project_id}`, Number(row.n)]));
};

const quotasTold = async (url: string, world: World): Promise<readonly string[]> => {
  const used = await owned(world);
  const projects = new Set([...used.keys()].map((text) => text.slice(text.indexOf(' of ') + 4)));
  const wrong: string[] = [];
  for (const project of projects) {
    if (project === '') continue;
    const { quota } = await ask(url, `quotas/${project}/details`);
    for (const name of Object.keys(counted)) {
      const there = used.get(`${name} of ${project}`) ?? 0;
      const { used: said, reserved } = quota[name];
      if (said !== there || reserved !== 0)
        wrong.push(`${url} says ${project} uses ${said} of ${name}, reserved ${reserved}; SQL has ${there}`);
    }
  }
  return wrong;
};

interface ToldAgent {
  readonly host: string;
  readonly alive: boolean;
  readonly configurations: { readonly state: string; readonly lag: number };
}

const agentsTold = async (url: string, { hosts }: World): Promise<readonly string[]> => {
  const { agents } = await ask(url, 'agents');
  const known: readonly ToldAgent[] = agents;
  const wanted = hosts.map(({ name }) => name).sort();
  const well = known.filter(({ alive, configurations: { state } }) => alive && state === 'caught up');
  const there = well.map(({ host }) => host).sort();
  if (there.join() === wanted.join() && known.length === wanted.length) return [];
  const said = known.map(({ host, configurations: { state, lag } }) => [host, state, lag]);
  return [`${url} tells of agents ${JSON.stringify(said)}`];
};

/** Services that tell of agents, or of the use of quotas, anything else than what is so. */
export const told = async (world: World): Promise<readonly string[]> => {
  const all = await Promise.all(
    world.members.all.map(async ({ url }) => {
      try {
        return [...(await agentsTold(url, world)), ...(await quotasTold(url, world))];
      } catch (error) {
        return [`${url} does not answer: ${error}`];
      }
    }),
  );
  return all.flat();
};
