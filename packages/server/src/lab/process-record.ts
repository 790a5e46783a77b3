import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Enough to know a process again: a pid alone may by now be somebody else's. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks after boot, field 22 of proc(5) stat. */
  readonly startTime: string;
  readonly program: string;
}

/** Start time of a running process; undefined when there is none, or a zombie. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether the very process of this record still runs: same pid, same start time, same program. */
export function stillRuns(record: ProcessRecord): boolean {
  if (startTimeOf(record.pid) !== record.startTime) return false;
  try {
    const commandLine = readFileSync(`/proc/${record.pid}/cmdline`, 'utf8').split('\0');
    return commandLine.some((word) => path.basename(word) === path.basename(record.program));
  } catch {
    return false;
  }
}

/** Keep records of processes as files of one folder, written before anything else is done with a new process. */
export class ProcessRecords {
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  add(name: string, pid: number, program: string): ProcessRecord {
    const record = { name, pid, startTime: startTimeOf(pid) ?? '', program };
    writeFileSync(path.join(this.#folder, `${name}.json`), JSON.stringify(record));
    return record;
  }

  remove(name: string): void {
    rmSync(path.join(this.#folder, `${name}.json`), { force: true });
  }

  /** All records; what cannot be read (half written at a crash) is dropped. */
  all(): readonly ProcessRecord[] {
    const records: ProcessRecord[] = [];
    for (const file of readdirSync(this.#folder)) {
      const record = parseRecord(readFileSync(path.join(this.#folder, file), 'utf8'));
      if (record) records.push(record);
      else rmSync(path.join(this.#folder, file), { force: true });
    }
    return records;
  }
}

function parseRecord(text: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { name, pid, startTime, program } = value as { readonly [member: string]: unknown }; // checked just below
    if (typeof name !== 'string' || typeof pid !== 'number') return undefined;
    if (typeof startTime !== 'string' || typeof program !== 'string') return undefined;
    return { name, pid, startTime, program };
  } catch {
    return undefined;
  }
}
