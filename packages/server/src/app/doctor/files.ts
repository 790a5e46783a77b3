import { stat } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import { sqlitePath } from '../../db/open.ts';
import { type Findings, ok, warning } from './finding.ts';

/** Permission bits of everybody but the owner and the group. */
const OTHERS = 0o007;

/** Files that hold secrets, or all that the service knows. */
const privateFiles = ({ api, database, identity, ovn }: Config): readonly string[] => {
  const sqlite = database.url.startsWith('sqlite:') ? sqlitePath(database.url) : '';
  const tables = sqlite === '' ? [] : [sqlite, `${sqlite}-wal`, `${sqlite}-shm`];
  return [api.tlsKey, ovn.privateKey, identity.driver === 'lab' ? identity.path : '', ...tables].filter(
    (path) => path !== '',
  );
};

/** Whether files that are the service's alone are open to everybody on the host. Says nothing of those that are not there. */
export async function* examineFiles(config: Config): Findings {
  const found: string[] = [];
  for (const path of privateFiles(config)) {
    const mode = await stat(path).then(
      (about) => about.mode,
      () => undefined,
    );
    if (mode === undefined) continue;
    found.push(path);
    if ((mode & OTHERS) !== 0)
      yield warning('files', `${path} is open to everybody on this host`, `chmod o= ${path}`);
  }
  if (found.length > 0) yield ok('files', `looked at ${found.length} private files`);
}
