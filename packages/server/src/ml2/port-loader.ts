import type { Port } from '@ovenbird/api';
import type { Reader } from '../db/database.ts';

/** Ports with all attributes, by id, in a fixed number of queries; ids without a port are left out. */
export type PortLoader = (reader: Reader, ids: readonly string[]) => Promise<readonly Port[]>;
