export { type MissingParts, missing } from '@ovenbird/ovsdb';
export {
  type DatabaseSource,
  databases,
  northbound,
  openVSwitch,
  schemaFile,
  southbound,
} from './databases.ts';
export type { NorthboundTables } from './northbound.generated.ts';
export type { OpenVSwitchTables } from './open-vswitch.generated.ts';
export { northboundSchema, openVSwitchSchema, southboundSchema } from './schemas.ts';
export type { SouthboundTables } from './southbound.generated.ts';
