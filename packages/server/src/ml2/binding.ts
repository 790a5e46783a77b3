import type { Port } from '@ovenbird/api';
import type { Database, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import { ACTIVE } from '../db/query/literals.ts';
import type { WriteStep, WriteWithin } from '../engine/contract.ts';
import { attemptBinding, type BindFailed, type BindingTarget, type BoundResult } from './bind-attempt.ts';
import { needsBinding, VIF_BINDING_FAILED, VIF_UNBOUND } from './binding-state.ts';
import type { MechanismDriver } from './contract.ts';
import { takeDeviceMac } from './device-mac.ts';
import type { PortLoader } from './port-loader.ts';
import type { Segments } from './segments.ts';

/** How often a binding starts anew because host, vnic type or profile changed while drivers were asked. */
const MAX_TRIES = 10;

/** A statement takes 32,766 parameters on SQLite, and a level has five. */
const LEVELS_AT_ONCE = 1000;

export interface BindingOptions {
  /** In configured order. */
  readonly drivers: readonly MechanismDriver[];
  readonly database: Database;
  readonly segments: Segments;
  readonly loadPorts: PortLoader;
  readonly failed: BindFailed;
}

export interface Binding {
  /** Ask the drivers; no transaction may be held. undefined: none can. */
  attempt(targets: readonly BindingTarget[]): Promise<readonly (BoundResult | undefined)[]>;
  /**
   * Bind those of `ports` that have a host and are not bound: drivers are asked outside of transactions, the results are
   * committed together in a short one, and only where host, vnic type and profile are still what the drivers were asked
   * about. Where they are not, what is committed by then wins, and is bound in its turn if it needs to be.
   *
   * @returns the ports anew, in the same order; one that was deleted meanwhile as it was
   */
  bind(write: WriteWithin, ports: readonly Port[]): Promise<readonly Port[]>;
}

interface Attempt {
  readonly port: Port;
  readonly result: BoundResult | undefined;
}

const activeTarget = (port: Port): BindingTarget => ({
  port,
  host: port['binding:host_id'],
  vnicType: port['binding:vnic_type'],
  profile: port['binding:profile'],
});

/** Attempts that write the same values to rows that must hold the same values. */
const alike = ({ port, result }: Attempt): string =>
  JSON.stringify([
    port['binding:host_id'],
    port['binding:vnic_type'],
    port['binding:profile'],
    result?.vifType,
    result?.vifDetails,
  ]);

/** Write one group; compare and set in one statement. @returns ids of the ports whose row was still as asked */
const storeAlike = async (tx: Transaction, group: readonly Attempt[]): Promise<readonly string[]> => {
  const [first] = group;
  if (first === undefined) return [];
  const { port, result } = first;
  const ids = group.map((attempt) => attempt.port.id);
  const stored = await tx.query
    .updateTable('port_bindings')
    .set({
      vif_type: result?.vifType ?? VIF_BINDING_FAILED,
      vif_details: JSON.stringify(result?.vifDetails ?? {}),
    })
    .where('port_id', 'in', eachOf(ids))
    .where('status', '=', ACTIVE)
    .where('host', '=', port['binding:host_id'])
    .where('vnic_type', '=', port['binding:vnic_type'])
    .where('profile', '=', JSON.stringify(port['binding:profile']))
    .where('vif_type', 'in', [VIF_UNBOUND, VIF_BINDING_FAILED])
    .returning('port_id')
    .execute();
  return stored.map((row) => row.port_id);
};

/** Levels of bindings that were just stored; there are none of theirs yet. */
export const storeLevels = async (
  tx: Transaction,
  bound: readonly { readonly portId: string; readonly host: string; readonly result: BoundResult }[],
): Promise<void> => {
  const rows = bound.flatMap(({ portId, host, result }) =>
    result.levels.map((level, index) => ({
      port_id: portId,
      host,
      level: index,
      driver: level.driver,
      segment_id: level.segmentId,
    })),
  );
  for (let start = 0; start < rows.length; start += LEVELS_AT_ONCE) {
    await tx.query
      .insertInto('port_binding_levels')
      .values(rows.slice(start, start + LEVELS_AT_ONCE))
      .execute();
  }
};

/** One more revision for ports whose row in another table changed. */
export const revisePorts = async (tx: Transaction, ids: readonly string[]): Promise<void> => {
  await tx.query
    .updateTable('ports')
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1), updated_at: tx.now }))
    .where('id', 'in', eachOf(ids))
    .execute();
};

/** The attempts as they can be stored: a device whose MAC address is taken cannot be plugged. */
const withDevices = async (tx: Transaction, attempts: readonly Attempt[]): Promise<readonly Attempt[]> => {
  const possible: Attempt[] = [];
  for (const attempt of attempts) {
    const fits = attempt.result === undefined || (await takeDeviceMac(tx, attempt.port));
    possible.push(fits ? attempt : { port: attempt.port, result: undefined });
  }
  return possible;
};

const commit = async (
  step: WriteStep,
  tried: readonly Attempt[],
  loadPorts: PortLoader,
): Promise<ReadonlyMap<string, Port>> => {
  const attempts = await withDevices(step.tx, tried);
  const won = new Set<string>();
  for (const group of Map.groupBy(attempts, alike).values()) {
    for (const id of await storeAlike(step.tx, group)) won.add(id);
  }
  const bound = attempts.flatMap(({ port, result }) =>
    won.has(port.id) && result !== undefined
      ? [{ portId: port.id, host: port['binding:host_id'], result }]
      : [],
  );
  await storeLevels(step.tx, bound);
  if (won.size > 0) await revisePorts(step.tx, [...won]);
  const current = await loadPorts(
    step.tx,
    attempts.map((attempt) => attempt.port.id),
  );
  const byId = new Map(current.map((port) => [port.id, port]));
  for (const { port } of attempts) {
    const now = byId.get(port.id);
    if (now !== undefined && won.has(port.id)) {
      step.changes.record({ kind: 'port', action: 'update', id: port.id, original: port, current: now });
    }
  }
  return byId;
};

/** Failing once more is not worth a transaction and a revision. */
const saysSomethingNew = ({ port, result }: Attempt): boolean =>
  result !== undefined || port['binding:vif_type'] !== VIF_BINDING_FAILED;

/** A binding that no driver could make is final until something changes; only a lost race is tried again. */
const worthAnotherTry = (port: Port): boolean =>
  needsBinding(port) && port['binding:vif_type'] !== VIF_BINDING_FAILED;

export const createBinding = (options: BindingOptions): Binding => {
  const { drivers, database, segments, loadPorts, failed } = options;

  const attempt = async (
    targets: readonly BindingTarget[],
  ): Promise<readonly (BoundResult | undefined)[]> => {
    const networkIds = [...new Set(targets.map((target) => target.port.network_id))];
    const byNetwork = await database.read((reader) => segments.byNetwork(reader, networkIds));
    const results: (BoundResult | undefined)[] = [];
    for (const target of targets) {
      const own = byNetwork.get(target.port.network_id) ?? [];
      results.push(await attemptBinding(drivers, target, own, failed));
    }
    return results;
  };

  return {
    attempt,
    async bind(write, ports) {
      let pending = ports.filter(needsBinding);
      if (pending.length === 0) return ports;
      const latest = new Map(ports.map((port) => [port.id, port]));
      for (let tries = 0; pending.length > 0 && tries < MAX_TRIES; tries += 1) {
        const results = await attempt(pending.map(activeTarget));
        const attempts = pending
          .map((port, index) => ({ port, result: results[index] }))
          .filter(saysSomethingNew);
        if (attempts.length === 0) break;
        const current = await write((step) => commit(step, attempts, loadPorts));
        for (const [id, port] of current) latest.set(id, port);
        pending = pending.flatMap(({ id }) => current.get(id) ?? []).filter(worthAnotherTry);
      }
      return ports.map((port) => latest.get(port.id) ?? port);
    },
  };
};
