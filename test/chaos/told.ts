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

type Lags = ReadonlyMap<string, number | undefined>;

/** A controller may hang, which is OVN's affair; that it does is to be told. */
const isSo = ({ host, alive, configurations: { state, lag } }: ToldAgent, lags: Lags): boolean => {
  if (alive !== (state !== 'gone')) return false;
  const really = lags.get(host);
  if (really === undefined) return state === 'gone';
  return lag === really && (state === 'caught up') === (lag === 0);
};

const agentsTold = async (url: string, lags: Lags): Promise<readonly string[]> => {
  const { agents } = await ask(url, 'agents');
  const known: readonly ToldAgent[] = agents;
  const hosts = new Set(known.map(({ host }) => host));
  const same = known.length === lags.size && hosts.symmetricDifference(new Set(lags.keys())).size === 0;
  if (same && known.every((one) => isSo(one, lags))) return [];
  const said = known.map(({ host, configurations: { state, lag } }) => [host, state, lag]);
  return [`${url} tells of agents ${JSON.stringify(said)}; they lag by ${JSON.stringify([...lags])}`];
};

/**
 * Services that tell of agents, or of the use of quotas, anything else than what is so.
 *
 * @param lags of each host what it has yet to carry out
 */
export const told = async (world: World, lags: Lags): Promise<readonly string[]> => {
  const all = await Promise.all(
    world.members.all.map(async ({ url }) => {
      try {
        return [...(await agentsTold(url, lags)), ...(await quotasTold(url, world))];
      } catch (error) {
        return [`${url} does not answer: ${error}`];
      }
    }),
  );
  return all.flat();
};
