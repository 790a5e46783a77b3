/**
 * Loaded into the server before anything else. On SIGUSR2 it begins to write down what the server says to its databases:
 * the SQL of every write transaction, and every OVSDB transaction. On the next SIGUSR2 it stops and writes the record to
 * the file that OVENBIRD_BENCH_RECORD names. Until then it changes nothing.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { type SQLInputValue, StatementSync } from 'node:sqlite';
import type { Recorded } from './recorded.ts';

const file = process.env.OVENBIRD_BENCH_RECORD;
const original = {
  all: StatementSync.prototype.all,
  run: StatementSync.prototype.run,
  write: Socket.prototype.write,
};

let current: Recorded['sql'][number] | undefined;
/** How many statements of `current` came before its savepoint: what is rolled back, such as a MAC address in use, is not replayed. */
let kept = 0;
let record: Recorded = { sql: [], ovsdb: [] };

/** Transaction control of the server: what a replay does in its own way. */
const CONTROL = /^(?:begin|rollback|savepoint|release)\b/;

const note = (sql: string, values: SQLInputValue[]): void => {
  if (sql === 'begin immediate') current = [];
  else if (sql === 'commit') {
    if (current) record.sql.push(current);
    current = undefined;
  } else if (sql.startsWith('savepoint')) kept = current?.length ?? 0;
  else if (sql.startsWith('rollback to')) current?.splice(kept);
  else if (!CONTROL.test(sql)) current?.push({ sql, values });
};

const begin = (): void => {
  record = { sql: [], ovsdb: [] };
  const noted = <R>(call: (this: StatementSync, ...values: SQLInputValue[]) => R) =>
    function (this: StatementSync, ...values: SQLInputValue[]): R {
      note(this.sourceSQL, values);
      return call.apply(this, values);
    };
  StatementSync.prototype.all = noted(original.all) as typeof original.all;
  StatementSync.prototype.run = noted(original.run) as typeof original.run;
  Socket.prototype.write = function (this: Socket, ...given: Parameters<typeof original.write>) {
    const text = typeof given[0] === 'string' || Buffer.isBuffer(given[0]) ? String(given[0]) : '';
    if (text.includes('"transact"')) record.ovsdb.push(text);
    return original.write.apply(this, given);
  } as typeof original.write;
};

const end = (): void => {
  StatementSync.prototype.all = original.all;
  StatementSync.prototype.run = original.run;
  Socket.prototype.write = original.write;
  if (file === undefined) return;
  writeFileSync(`${file}.part`, JSON.stringify(record));
  renameSync(`${file}.part`, file);
};

let recording = false;
process.on('SIGUSR2', () => {
  recording = !recording;
  if (recording) begin();
  else end();
});
