/** A segment of a network; the order is `segment_index`. */
export interface NetworkSegmentsTable {
  id: string;
  network_id: string;
  network_type: string;
  physical_network: string | null;
  segmentation_id: number | null;
  segment_index: number;
  is_dynamic: 0 | 1;
  /** Empty: none. */
  name: string;
  description: string;
  created_at: string;
  updated_at: string;
  revision_number: number;
}

/** Values in use, one row each: (type, physical network or '', id). Free ones have no row. */
export interface SegmentAllocationsTable {
  network_type: string;
  physical_network: string;
  segmentation_id: number;
}

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

/** What was made for a project that asked for any network. Key: project_id. */
export interface AutoAllocatedTopologiesTable {
  project_id: string;
  network_id: string;
  /** null: somebody deleted it. */
  router_id: string | null;
}

/** Key: both. */
export interface HostPhysicalNetworksTable {
  host: string;
  physical_network: string;
}
