import type { Logger } from '../../../core/logger.ts';
import type { Database, Transaction } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
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
      if (wanted.status) await recordEvents(tx, eventsOfStatus(news));
    },
    statusCommitted: () => sender.wake(),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
};
