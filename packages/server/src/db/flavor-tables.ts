export interface FlavorsTable {
  id: string;
  name: string;
  description: string;
  service_type: string;
  enabled: 0 | 1;
}

export interface ServiceProfilesTable {
  id: string;
  description: string;
  driver: string;
  metainfo: string;
  enabled: 0 | 1;
}

/** Key: both; the order is that of binding. */
export interface FlavorServiceProfilesTable {
  flavor_id: string;
  service_profile_id: string;
  position: number;
}
