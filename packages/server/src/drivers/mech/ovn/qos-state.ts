/** What a policy says about a port, a floating IP or a gateway. Kilobits a second, kilobits of a burst. */
export interface QosState {
  readonly egress: { readonly rate: number; readonly burst: number } | undefined;
  readonly ingress: { readonly rate: number; readonly burst: number } | undefined;
  readonly dscp: number | undefined;
  /** Promised to what the port sends. */
  readonly minimum: number | undefined;
  /** Whether the network has a segment on a physical network. */
  readonly physical: boolean;
}
