import { randomUUID } from 'node:crypto';

/** Where new identifiers come from, injected so that tests can foresee them. */
export interface Ids {
  /** A UUID in canonical lower-case text. */
  uuid(): string;
}

export const randomIds: Ids = { uuid: () => randomUUID() };
