import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { endRecorded } from '../packages/server/src/lab/daemon.ts';
import { ProcessRecords, stillRuns } from '../packages/server/src/lab/process-record.ts';

/** A state folder that belongs to this process. */
export interface Claim {
  /** Folder of logs, empty at first. */
  readonly log: string;
  readonly records: ProcessRecords;
}

/**
 * Take the state folder for this process, end what a killed run left, and forget its logs and what `forget` names.
 *
 * @param owner what the run is called in the records
 * @param forget folders below `state`
 * @param running gives the folder back when disposed
 */
export const claim = async (
  state: string,
  owner: string,
  forget: readonly string[],
  running: AsyncDisposableStack,
): Promise<Claim> => {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const records = new ProcessRecords(path.join(state, 'processes'));
  const earlier = records.all();
  const other = earlier.find(({ name }) => name === owner);
  if (other !== undefined && stillRuns(other))
    throw new Error(`another run uses ${state} (process ${other.pid})`);
  records.add(owner, process.pid, process.execPath);
  running.defer(() => records.remove(owner));
  for (const record of earlier) {
    if (record.name === owner) continue;
    await endRecorded(record);
    records.remove(record.name);
  }
  const log = path.join(state, 'log');
  for (const old of [log, ...forget.map((name) => path.join(state, name))])
    rmSync(old, { recursive: true, force: true });
  mkdirSync(log);
  return { log, records };
};
