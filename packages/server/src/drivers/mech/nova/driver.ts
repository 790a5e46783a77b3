import type { Logger } from '../../../core/logger.ts';
import type { Database, Transaction } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import { ACTIVE } from '../../../db/query/literals.ts';
import type { Change, MechanismDriver } from '../../../ml2/contract.ts';
import type { NovaClient } from './client.ts';
import {
  type ChangedStatus,
  eventsOfPortChange,
  eventsOfStatus,
  isServerPort,
  type NovaEvent,
  novaEvent,
  portsOfFloatingIp,
} from './events.ts';
import { recordEvents } from './outbox.ts';
import { Sender } from './sender.ts';

export interface NovaNotifierOptions {
  readonly database: Database;
  readonly client: NovaClient;
  readonly logger: Logger;
  /** Which news are wanted: of ports that come up and go down, of ports and floating IPs that change. */
  readonly wanted: { readonly status: boolean; readonly data: boolean };
  readonly giveUpMs: number;
  /** Told of events that Nova took. */
  readonly taken?: (events: readonly NovaEvent[]) => void;
}

/** Tells Nova of its servers' ports. It stands among the mechanism drivers because it hears of changes as they do. */
export interface NovaNotifier extends MechanismDriver {
  /** Keep what a status means to servers, in the transaction that stores the status. */
  recordStatus(tx: Transaction, news: readonly ChangedStatus[]): Promise<void>;
  /** A status was committed. */
  statusCommitted(): void;
}

const ofFloatingIps = async (tx: Transaction, changes: readonly Change[]): Promise<readonly NovaEvent[]> => {
  const ids = changes.flatMap((change) => (change.kind === 'floatingip' ? portsOfFloatingIp(change) : []));
  if (ids.length === 0) return [];
  const rows = await tx.query
    .selectFrom('ports')
    .select(['id', 'device_id', 'device_owner'])
    .where('id', 'in', eachOf(ids))
    .execute();
  return rows
    .filter((row) => isServerPort(row.device_owner, row.device_id))
    .map((row) => novaEvent('network-changed', row.device_id, row.id));
};

/**
 * Of these ports those that a live migration takes away. Nova waits for the destination to carry them, and would take
 * that their own host still does for it.
 */
const leavingPorts = async (tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await tx.query
    .selectFrom('port_bindings')
    .select(['port_id', 'host', 'profile'])
    .where('port_id', 'in', eachOf(ids))
    .where('status', '=', ACTIVE)
    .where('profile', 'like', '%"migrating_to"%')
    .execute();
  const leaving = rows.filter(({ host, profile }) => {
    const { migrating_to: target }: { migrating_to?: unknown } = JSON.parse(profile);
    return typeof target === 'string' && target !== '' && target !== host;
  });
  return new Set(leaving.map((row) => row.port_id));
};

export const createNovaNotifier = (options: NovaNotifierOptions): NovaNotifier => {
  const { wanted } = options;
  const logger = options.logger.child({ notifier: 'nova' });
  const sender = new Sender({ ...options, logger });
  return {
    name: 'nova',
    async start() {
      sender.start();
    },
    async precommit(changes, tx) {
      const events = changes.flatMap((change) =>
        change.kind === 'port' ? eventsOfPortChange(change, wanted) : [],
      );
      await recordEvents(tx, [...events, ...(wanted.data ? await ofFloatingIps(tx, changes) : [])]);
    },
    async postcommit(changes) {
      if (changes.some(({ kind }) => kind === 'port' || kind === 'floatingip')) sender.wake();
    },
    async recordStatus(tx, news) {
      if (!wanted.status) return;
      const up = news.filter(({ status, arrived }) => status === 'ACTIVE' && !arrived);
      const leaving = await leavingPorts(
        tx,
        up.map(({ portId }) => portId),
      );
      await recordEvents(tx, eventsOfStatus(news.filter(({ portId }) => !leaving.has(portId))));
    },
    statusCommitted: () => sender.wake(),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
};
