import { DatabaseSync } from 'node:sqlite';
import { backgroundTables } from '../../packages/server/src/testing/background-tables.ts';

/** Tells whether a database holds something else than it did. */
export interface Watch extends Disposable {
  /** Take the content as it is now for the one to compare with. */
  remember(): void;
  changed(): boolean;
}

const content = (database: DatabaseSync): string => {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return JSON.stringify(
    tables
      .filter(({ name }) => !backgroundTables.has(String(name)))
      .map(({ name }) => [name, database.prepare(`SELECT * FROM "${String(name)}"`).all()]),
  );
};

/**
 * Watch an SQLite file of somebody else. A version that did not move tells at once that nothing changed; else what a
 * transaction that was begun before still sees is compared with what a new one sees.
 */
export const watching = (file: string | undefined): Watch => {
  if (file === undefined) return { remember() {}, changed: () => false, [Symbol.dispose]() {} };
  const past = new DatabaseSync(file, { readOnly: true });
  const present = new DatabaseSync(file, { readOnly: true });
  const version = present.prepare('PRAGMA data_version');
  const look = past.prepare('SELECT count(*) FROM sqlite_schema');
  const versionNow = (): unknown => Object.values(version.get() ?? {})[0];
  let before = versionNow();
  return {
    remember() {
      if (past.isTransaction) past.exec('COMMIT');
      past.exec('BEGIN');
      look.get();
      before = versionNow();
    },
    changed: () => versionNow() !== before && content(past) !== content(present),
    [Symbol.dispose]() {
      past.close();
      present.close();
    },
  };
};
