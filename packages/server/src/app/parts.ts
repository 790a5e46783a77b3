import type { Database } from '../db/database.ts';
import type { OvnMechanismDriver } from '../drivers/mech/ovn/driver.ts';
import type { Part, Parts } from '../http/probes.ts';

/** An OVSDB client: requests are carried out without it, and OVN follows when it is back. */
const replicaPart = (
  client: OvnMechanismDriver['northbound' | 'southbound'],
  stack: DisposableStack,
): Part => {
  let since = new Date();
  stack.use(
    client.onState(() => {
      since = new Date();
    }),
  );
  return {
    needed: false,
    state: () => ({ ok: client.state === 'ready', detail: `${client.state} since ${since.toISOString()}` }),
  };
};

/** What the probes ask about, until `stack` is disposed. */
export const partsOf = (
  database: Database,
  ovn: OvnMechanismDriver | undefined,
  stack: DisposableStack,
): Parts => {
  const sql: Part = {
    needed: true,
    async state() {
      const ok = await database.ping();
      return { ok, detail: ok ? 'answers' : 'does not answer' };
    },
  };
  if (ovn === undefined) return { database: sql };
  return {
    database: sql,
    northbound: replicaPart(ovn.northbound, stack),
    southbound: replicaPart(ovn.southbound, stack),
  };
};
