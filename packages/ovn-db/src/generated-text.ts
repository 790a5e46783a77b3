import { generateTypes } from '@ovenbird/ovsdb';
import type { DatabaseSource } from './databases.ts';
import { loadSchema } from './schemas.ts';

/** Text of a database's generated module, from the schema in this package. */
export function generatedText(source: DatabaseSource): string {
  return generateTypes(loadSchema(source), {
    tablesName: source.tablesName,
    source: `schemas/${source.file}.ovsschema (${source.release}, Apache-2.0)`,
  });
}
