/** A port became able, or unable, to carry traffic, and SQL says so. */
export interface PortStatusNews {
  readonly portId: string;
  readonly networkId: string;
  readonly projectId: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  /** ACTIVE | DOWN */
  readonly status: string;
  readonly previous: string;
  /** Whether a host that it moves to carries it too. */
  readonly arrived: boolean;
}

/** Events of ML2 by name. */
export interface PortEvents {
  readonly 'port.status': PortStatusNews;
}
