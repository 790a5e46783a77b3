import { waitingChanges } from '../../drivers/mech/ovn/waiting-changes.ts';
import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

/** Age from which a change that waits is stuck, in milliseconds: several rounds of retries are over. */
const STUCK_MS = 60_000;

const seconds = (since: string, now: Date): number => Math.round((now.getTime() - Date.parse(since)) / 1000);

export const journalStuck: SqlCheck = sqlCheck({
  id: 'journal-stuck',
  pillar: 691,
  cwe: 834,
  title: 'A change is committed and does not reach OVN',
  severity: 'high',
  remedy: 'ovenbird ovn journal and ovenbird doctor say why: OVN is away, refuses it, or no service runs.',
  async examine({ reader, now }) {
    return (await waitingChanges(reader))
      .filter(({ attempts, since }) => attempts > 0 || now.getTime() - Date.parse(since) > STUCK_MS)
      .map(({ key, since, attempts, lastError }) => ({
        subject: resource(key.kind, key.id),
        evidence: `waits for ${seconds(since, now)} s, ${attempts} attempts${lastError === undefined ? '' : `: ${lastError}`}`,
      }));
  },
});

export const novaEventsStuck: SqlCheck = sqlCheck({
  id: 'nova-events-stuck',
  pillar: 691,
  cwe: 834,
  title: 'News for Nova are not taken, and servers wait for their ports',
  severity: 'medium',
  remedy: 'Look at nova.url, the credentials in section identity and the log of nova-api.',
  async examine({ reader: { query }, now }) {
    const rows = await query
      .selectFrom('nova_events')
      .select(({ fn }) => ['name', fn.countAll<number>().as('waiting'), fn.min('created_at').as('since')])
      .groupBy('name')
      .execute();
    return rows
      .filter(({ since }) => now.getTime() - Date.parse(since) > STUCK_MS)
      .map(
        ({ name, waiting, since }): Found => ({
          subject: { kind: 'nova_event', id: name },
          evidence: `${waiting} wait, the oldest for ${seconds(since, now)} s`,
        }),
      );
  },
});
