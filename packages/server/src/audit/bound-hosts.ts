import type { Reader } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';

const MIGRATING_TO = 'migrating_to';

/** The host that a live migration goes to. */
const destination = (profile: string): readonly string[] => {
  const parsed: unknown = JSON.parse(profile);
  const host: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, MIGRATING_TO) : undefined;
  return typeof host === 'string' ? [host] : [];
};

/** Hosts on which each of these ports may be, migrations under way included; ports that SQL does not know are left out. */
export const hostsOfPorts = async (
  { query }: Reader,
  ports: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const rows = await query
    .selectFrom('port_bindings')
    .select(['port_id', 'host', 'profile'])
    .where('port_id', 'in', eachOf(ports))
    .execute();
  return new Map(
    [...Map.groupBy(rows, ({ port_id }) => port_id)].map(([port, some]) => [
      port,
      new Set(some.flatMap(({ host, profile }) => [...(host === '' ? [] : [host]), ...destination(profile)])),
    ]),
  );
};
