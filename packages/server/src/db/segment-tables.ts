/** Unique among those that are not default: no two of one type and physical network overlap; the service sees to it. */
export interface NetworkSegmentRangesTable {
  id: string;
  /** null: for all. */
  project_id: string | null;
  name: string;
  description: string;
  /** From the configuration. */
  is_default: 0 | 1;
  shared: 0 | 1;
  network_type: string;
  /** The empty text for types without. */
  physical_network: string;
  minimum: number;
  maximum: number;
  created_at: string;
  updated_at: string;
  revision_number: number;
}
