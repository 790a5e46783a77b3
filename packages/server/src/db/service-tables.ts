import type { ColumnType, Generated } from 'kysely';

/** Access granted to other projects: `shared` and `router:external` are rows here. */
export interface RbacEntriesTable {
  id: string;
  project_id: string;
  /** network, security_group, … */
  object_type: string;
  object_id: string;
  /** access_as_shared | access_as_external */
  action: string;
  /** Project id or `*`. */
  target_project: string;
}

/** Unique: project_id; the empty one stands for all projects that have no row. */
export interface SecurityGroupDefaultStatefulnessTable {
  id: string;
  project_id: string;
  stateful: 0 | 1;
}

export interface TagsTable {
  object_id: string;
  tag: string;
}

export interface QuotasTable {
  project_id: string;
  resource: string;
  limit: number;
}

/** What has changed and is not yet known to be in OVN. Written in the transaction of the change. */
export interface JournalTable {
  seq: Generated<number>;
  /** Kind and id of the API object: `network`, `subnet`, `port`, `security_group`, … */
  kind: string;
  id: string;
  created_at: string;
  attempts: ColumnType<number, number | undefined, number>;
  last_error: ColumnType<string | null, string | null | undefined, string | null>;
}

/** News for Nova that wait to be sent, oldest first. */
export interface NovaEventsTable {
  seq: Generated<number>;
  name: string;
  server_id: string;
  port_id: string;
  created_at: string;
}

/** Signs of life of whoever has the duties of several processes; only where there may be several. */
export interface DutiesTable {
  name: string;
  /** Another number at every sign. */
  beat: number;
}

/** When a port passed which stage, as `ml2/port-timeline.ts` writes it. Key: port_id. */
export interface PortTimelinesTable {
  port_id: string;
  stages: string;
}
