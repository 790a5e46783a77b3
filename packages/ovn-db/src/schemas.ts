import { readFileSync } from 'node:fs';
import { type DatabaseSchema, parseSchema } from '@ovenbird/ovsdb';
import { type DatabaseSource, northbound, openVSwitch, schemaFile, southbound } from './databases.ts';

const loaded = new Map<string, DatabaseSchema>();

/** Read and parse a schema of this package; parsed once per process. Throws when the file cannot be read. */
export function loadSchema(source: DatabaseSource): DatabaseSchema {
  const known = loaded.get(source.file);
  if (known !== undefined) return known;
  const schema = parseSchema(readFileSync(schemaFile(source), 'utf8'));
  loaded.set(source.file, schema);
  return schema;
}

/** Schema of OVN_Northbound, as the types were generated from it. */
export function northboundSchema(): DatabaseSchema {
  return loadSchema(northbound);
}

/** Schema of OVN_Southbound, as the types were generated from it. */
export function southboundSchema(): DatabaseSchema {
  return loadSchema(southbound);
}

/** Schema of Open_vSwitch, as the types were generated from it. */
export function openVSwitchSchema(): DatabaseSchema {
  return loadSchema(openVSwitch);
}
