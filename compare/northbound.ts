import { runCommand } from '../packages/server/src/lab/command.ts';
import type { Lab } from '../packages/server/src/lab/lab.ts';
import { isArray, type Json, type JsonObject } from './json.ts';

/** A row as `ovsdb-client dump` gives it: sets and maps as RFC 7047 section 5.1 writes them. */
export type Row = { readonly [column: string]: Json };
/** Rows by table. */
export type Dump = { readonly [table: string]: readonly Row[] };

/** Tables of the deployment, not of what the API holds. */
const leftOut = new Set(['NB_Global', 'Connection', 'SSL']);

/** What the Northbound database of a lab holds. */
export const dumpNorthbound = async (ovn: Lab): Promise<Dump> => {
  const output = await runCommand([
    ...['ovsdb-client', '--format=json', '--data=json', 'dump', ovn.central.northbound, 'OVN_Northbound'],
  ]);
  const tables = output.split('\n').flatMap((line): readonly (readonly [string, readonly Row[]])[] => {
    if (line === '') return [];
    const { caption, headings, data } = JSON.parse(line) as {
      readonly caption: string;
      readonly headings: readonly string[];
      readonly data: readonly (readonly Json[])[];
    }; // ovsdb-client(1), "--format=json"
    const table = caption.split(' ')[0] ?? caption;
    const rowOf = (cells: readonly Json[]): Row =>
      Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? null]));
    return leftOut.has(table) ? [] : [[table, data.map(rowOf)]];
  });
  return Object.fromEntries(tables);
};

/** A set as a list, a map as an object, a reference as `row(uuid)` says. */
export const plain = (value: Json, row: (uuid: string) => Json): Json => {
  if (!isArray(value)) return value;
  const [tag, content] = value;
  if (tag === 'uuid' && typeof content === 'string') return row(content);
  if (tag === 'set' && isArray(content)) return content.map((each) => plain(each, row));
  if (tag === 'map' && isArray(content))
    return Object.fromEntries(
      content.map((pair) => (isArray(pair) ? [String(pair[0]), plain(pair[1] ?? null, row)] : [])),
    ) as JsonObject;
  return value;
};
