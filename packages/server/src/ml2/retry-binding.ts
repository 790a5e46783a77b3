import type { Database } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import { ACTIVE } from '../db/query/literals.ts';
import { ROUTER_GATEWAY } from '../ipam/device-owner.ts';
import { VIF_BINDING_FAILED, VIF_UNBOUND } from './binding-state.ts';
import type { Changes } from './changes.ts';
import type { Ml2Plugin } from './plugin.ts';
import { serviceContext, type Write } from './write.ts';

/** Ports bound together. */
const BATCH = 100;

export interface RetryBindingOptions {
  readonly database: Database;
  readonly plugin: Pick<Ml2Plugin, 'binding' | 'loadPorts'>;
  readonly write: Write;
}

/**
 * Bind the ports whose binding to one of `hosts` had failed, or had not been tried when a process ended; for when these
 * come (back) to life.
 *
 * @returns how many are bound now
 */
export type RetryBinding = (hosts: readonly string[]) => Promise<number>;

const openPorts = async (database: Database, hosts: readonly string[]): Promise<readonly string[]> => {
  const rows = await database.read(({ query }) =>
    query
      .selectFrom('port_bindings')
      .innerJoin('ports', 'ports.id', 'port_bindings.port_id')
      .select('port_id')
      .where('host', 'in', eachOf(hosts))
      .where('port_bindings.status', '=', ACTIVE)
      .where('vif_type', 'in', [VIF_BINDING_FAILED, VIF_UNBOUND])
      // The host of a gateway is where it was placed; there is nothing to bind.
      .where('device_owner', '!=', ROUTER_GATEWAY)
      .execute(),
  );
  return rows.map((row) => row.port_id);
};

export const createRetryBinding = ({ database, plugin, write }: RetryBindingOptions): RetryBinding => {
  const bindBatch = async (ids: readonly string[]): Promise<number> => {
    const context = serviceContext('bind-again');
    let changes: Changes | undefined;
    try {
      const ports = await database.read((reader) => plugin.loadPorts(reader, ids));
      const bound = await plugin.binding.bind(async (callback) => {
        const written = await write(context, true, callback);
        changes = changes === undefined ? written.changes : changes.followedBy(written.changes);
        return written.result;
      }, ports);
      return bound.filter((port) => port['binding:vif_type'] !== VIF_BINDING_FAILED).length;
    } finally {
      await changes?.postcommit();
    }
  };
  return async (hosts) => {
    const ids = await openPorts(database, hosts);
    let bound = 0;
    for (let start = 0; start < ids.length; start += BATCH) {
      bound += await bindBatch(ids.slice(start, start + BATCH));
    }
    return bound;
  };
};
