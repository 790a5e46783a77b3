import { fileURLToPath } from 'node:url';

/** One database of OVN or Open vSwitch: where its schema lies and what is generated from it. */
export interface DatabaseSource {
  /** Base name of the schema and of the generated module. */
  readonly file: string;
  /** Name of the generated type that holds all tables. */
  readonly tablesName: string;
  /** Release that the schema is from. */
  readonly release: string;
}

export const northbound: DatabaseSource = {
  file: 'northbound',
  tablesName: 'NorthboundTables',
  release: 'OVN 23.03.1',
};
export const southbound: DatabaseSource = {
  file: 'southbound',
  tablesName: 'SouthboundTables',
  release: 'OVN 23.03.1',
};
export const openVSwitch: DatabaseSource = {
  file: 'open-vswitch',
  tablesName: 'OpenVSwitchTables',
  release: 'Open vSwitch 3.1.0',
};

/** All databases that this package knows. */
export const databases: readonly DatabaseSource[] = [northbound, southbound, openVSwitch];

/** Path of a database's `.ovsschema` file (for `ovsdb-tool create`, `ovsdb-server`). */
export function schemaFile(source: DatabaseSource): string {
  return fileURLToPath(new URL(`../schemas/${source.file}.ovsschema`, import.meta.url));
}
