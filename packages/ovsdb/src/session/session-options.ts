import type { ClientOptions, TablesType } from '../contract.ts';
import type { DatabaseSchema } from '../schema/database-schema.ts';
import type { BackoffBounds } from './rotation.ts';

/** {@link ClientOptions} without what is typed by tables, defaults filled in. */
export interface SessionOptions {
  readonly database: string;
  readonly schema: DatabaseSchema;
  readonly endpoints: readonly string[];
  readonly leaderOnly: boolean;
  readonly tls: ClientOptions<TablesType>['tls'];
  readonly probeIntervalMs: number;
  readonly backoffMs: BackoffBounds;
  readonly onLog: NonNullable<ClientOptions<TablesType>['onLog']>;
  readonly onTransaction: NonNullable<ClientOptions<TablesType>['onTransaction']>;
}
