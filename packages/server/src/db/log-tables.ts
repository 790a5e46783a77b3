/** What hosts write down of the traffic of security groups. */
export interface LogsTable {
  id: string;
  project_id: string;
  name: string;
  description: string;
  /** security_group */
  resource_type: string;
  resource_id: string | null;
  /** ACCEPT | DROP | ALL */
  event: string;
  /** A port. */
  target_id: string | null;
  enabled: 0 | 1;
  all_projects: 0 | 1;
  created_at: string;
  updated_at: string;
  revision_number: number;
}
