import type { Config } from '../../config/config.ts';
import type { Database } from '../../db/database.ts';
import { SchemaTooNew, SchemaTooOld } from '../../db/migrate.ts';
import { openExistingDatabase } from '../../db/open.ts';
import { waitingChanges } from '../../drivers/mech/ovn/waiting-changes.ts';
import { type Findings, failed, ok, reasonOf, warning } from './finding.ts';

/** Age from which a change that waits is worth a word, in milliseconds. */
const OLD_MS = 10_000;

const open = async (config: Config): Promise<Database | Error> => {
  try {
    return await openExistingDatabase(config.database);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const adviceOn = (error: Error): string => {
  if (error instanceof SchemaTooOld) return 'start ovenbird serve once: it brings the schema up to date';
  if (error instanceof SchemaTooNew)
    return 'use the version of ovenbird that wrote this database, or a later one';
  return 'is database.url right, does the server run, may this user connect? ovenbird serve makes a new database';
};

/** Whether SQL answers, has the right schema, and what waits in its journal. */
export async function* examineSql(config: Config): Findings {
  const opened = await open(config);
  if (opened instanceof Error) {
    yield failed('sql', reasonOf(opened), adviceOn(opened));
    return;
  }
  await using database = opened;
  yield ok('sql', `${database.traits.name} answers, schema up to date`);
  const waiting = await database.read(waitingChanges);
  const refused = waiting.filter(({ attempts }) => attempts > 0);
  const oldest = Math.max(0, ...waiting.map(({ since }) => Date.now() - Date.parse(since)));
  if (refused.length > 0) {
    const [first] = refused;
    const detail = `OVN refuses ${refused.length} objects, first ${first?.key.kind} ${first?.key.id}: ${first?.lastError}`;
    yield failed('journal', detail, 'see ovenbird ovn journal; often a row of somebody else has the name');
  } else if (oldest > OLD_MS) {
    const detail = `${waiting.length} objects wait, the oldest for ${Math.round(oldest / 1000)} s`;
    yield warning('journal', detail, 'does a service run, and does it reach the Northbound database?');
  } else yield ok('journal', `${waiting.length} objects wait`);
}
