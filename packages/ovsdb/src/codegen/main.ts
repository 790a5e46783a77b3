#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSchema } from '../schema/parse-schema.ts';
import { generateTypes } from './generate-types.ts';

const USAGE = `usage: ovsdb-codegen [--tables NAME] [--source TEXT] [--output FILE] SCHEMA.ovsschema
Writes the TypeScript row types of an OVSDB schema to FILE, or to standard output.`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tables: { type: 'string' },
      source: { type: 'string' },
      output: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [file, ...rest] = positionals;
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (file === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const schema = parseSchema(await readFile(file, 'utf8'));
  const text = generateTypes(schema, {
    tablesName: values.tables ?? `${schema.name.replaceAll('_', '')}Tables`,
    source: values.source ?? basename(file),
  });
  if (values.output === undefined) process.stdout.write(text);
  else await writeFile(values.output, text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`ovsdb-codegen: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
