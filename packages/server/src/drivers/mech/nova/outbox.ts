import type { Reader, Transaction } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import type { NovaEventsTable } from '../../../db/tables.ts';
import type { NovaEvent } from './events.ts';

/** An event that waits to be sent. */
export interface WaitingEvent {
  readonly seq: number;
  readonly event: NovaEvent;
  /** ISO 8601. */
  readonly since: string;
}

/** Keep events with the change that they tell of: they are sent after its commit, whatever becomes of this process. */
export const recordEvents = async (tx: Transaction, events: readonly NovaEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    name: event.name,
    server_id: event.server_uuid,
    port_id: event.tag,
    created_at: tx.now,
  }));
  await tx.query.insertInto('nova_events').values(rows).execute();
};

const eventOf = (row: Pick<NovaEventsTable, 'name' | 'server_id' | 'port_id'>): NovaEvent => ({
  // Only `recordEvents` writes names.
  name: row.name as NovaEvent['name'],
  server_uuid: row.server_id,
  tag: row.port_id,
  status: 'completed',
});

/** The oldest events that wait, at most `limit`. */
export const waitingEvents = async (reader: Reader, limit: number): Promise<readonly WaitingEvent[]> => {
  const rows = await reader.query
    .selectFrom('nova_events')
    .select(['seq', 'name', 'server_id', 'port_id', 'created_at'])
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ seq: Number(row.seq), event: eventOf(row), since: row.created_at }));
};

/** These were sent, or are given up. */
export const forgetEvents = async (tx: Transaction, events: readonly WaitingEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const numbers = events.map(({ seq }) => seq);
  await tx.query.deleteFrom('nova_events').where('seq', 'in', eachOf(numbers)).execute();
};
