import type { Config } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { sleep } from '../../core/sleep.ts';
import { requireSchema } from '../../drivers/mech/ovn/capabilities.ts';
import { ChassisRegistry } from '../../drivers/mech/ovn/chassis.ts';
import {
  connectNorthbound,
  connectSouthbound,
  type NorthboundClient,
  type SouthboundClient,
} from '../../drivers/mech/ovn/databases.ts';
import { southboundLag } from '../../drivers/mech/ovn/figures.ts';
import { ovnConnections } from '../../drivers/mech/ovn/from-config.ts';
import { examineChassis } from './chassis.ts';
import { type Finding, type Findings, failed, ok, reasonOf } from './finding.ts';

const POLL_MS = 50;

interface Clients {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
}

const examineConnection = async (
  name: keyof Clients,
  client: Clients[keyof Clients],
  endpoints: readonly string[],
  patience: number,
): Promise<Finding> => {
  try {
    await client.ready(AbortSignal.timeout(patience));
    return ok(name, `${endpoints.join(', ')} answers, schema ${client.serverSchema?.version}`);
  } catch {
    const option = name === 'northbound' ? 'nbConnection' : 'sbConnection';
    const advice = `does ovsdb-server run, is ovn.${option} right, does the cluster have a leader, do the certificates fit?`;
    return failed(name, `${endpoints.join(', ')}: no complete replica in ${patience} ms`, advice);
  }
};

const until = async (done: () => boolean, patience: number): Promise<boolean> => {
  const deadline = performance.now() + patience;
  while (!done() && performance.now() < deadline) await sleep(POLL_MS);
  return done();
};

/** Ask for a sign of life, as `ovn-nbctl --wait=hv sync` does, and see how far it gets. */
async function* examineFollowers(config: Config, clients: Clients, patience: number): Findings {
  const { northbound } = clients;
  await northbound.transact([northbound.operations.mutate('NB_Global', [], [['nb_cfg', '+=', 1]])]);
  const began = performance.now();
  if (!(await until(() => southboundLag(clients).northd === 0, patience))) {
    const advice =
      'is ovn-northd running, connected to both databases and not paused? ovn-appctl -t ovn-northd status';
    yield failed('northd', `has not followed in ${patience} ms`, advice);
    return;
  }
  yield ok('northd', `followed in ${Math.round(performance.now() - began)} ms`);
  const behind = () => southboundLag(clients).chassis.filter(({ lag }) => lag > 0);
  await until(() => behind().length === 0, patience);
  using chassis = new ChassisRegistry({
    ...clients,
    clock: systemClock,
    agentDownTime: config.network.agentDownTime,
  });
  yield* examineChassis(config, chassis.all(), new Set(behind().map((each) => each.chassis)));
}

/** Both databases of OVN and those that follow them. */
export async function* examineOvn(config: Config, patience: number): Findings {
  const connections = ovnConnections(config);
  await using northbound = connectNorthbound(connections.northbound);
  await using southbound = connectSouthbound(connections.southbound);
  const states = await Promise.all([
    examineConnection('northbound', northbound, config.ovn.nbConnection, patience),
    examineConnection('southbound', southbound, config.ovn.sbConnection, patience),
  ]);
  yield* states;
  if (states.some(({ status }) => status !== 'ok')) return;
  try {
    if (northbound.serverSchema !== undefined) requireSchema(northbound.serverSchema);
  } catch (error) {
    yield failed(
      'schema',
      reasonOf(error),
      'upgrade OVN, then convert the database with ovsdb-client convert',
    );
    return;
  }
  yield* examineFollowers(config, { northbound, southbound }, patience);
}
