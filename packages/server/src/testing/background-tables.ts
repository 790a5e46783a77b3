import type { Tables } from '../db/tables.ts';

/**
 * Tables that the service writes by itself some time after, or without, any request: times of what has been, and signs of
 * life. Whoever compares whole databases leaves them out.
 */
export const backgroundTables: ReadonlySet<string> = new Set<keyof Tables>(['port_timelines', 'duties']);
