import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../db/open.ts';

/** What a file with tables holds: made once for each process, as making tables takes longer than most tests. */
let content: Promise<Buffer> | undefined;

const makeContent = async (directory: string): Promise<Buffer> => {
  const file = join(directory, 'migrated.db');
  const database = await openDatabase({ url: `sqlite:${file}` });
  await database[Symbol.asyncDispose]();
  return readFile(file);
};

/** Write a SQLite database that has its tables and nothing in them to a new file of the directory. Out: its URL. */
export const migratedSqlite = async (directory: string, name: string): Promise<string> => {
  content ??= makeContent(directory);
  const file = join(directory, name);
  await writeFile(file, await content, { mode: 0o600 });
  return `sqlite:${file}`;
};
