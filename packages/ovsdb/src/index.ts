export { type GenerateOptions, generateTypes } from './codegen/generate-types.ts';
export type * from './contract.ts';
export { createOvsdbClient } from './create-client.ts';
export type * from './schema/database-schema.ts';
export { type MissingParts, missing } from './schema/missing.ts';
export { parseSchema, SchemaSyntaxError } from './schema/parse-schema.ts';
export * from './wire/errors.ts';
