import { refused, type ValueType } from '../value-type.ts';

/** Resources that one provider in the host's tree must have, by resource class, and the traits that it must show. */
export interface ResourceRequestGroup {
  readonly id: string;
  readonly required: readonly string[];
  readonly resources: { readonly [resourceClass: string]: number };
}

/** What a port asks of Placement (Nova carries it there). */
export interface ResourceRequest {
  readonly request_groups: readonly ResourceRequestGroup[];
  /** Groups whose providers must be in one tree. */
  readonly same_subtree: readonly string[];
}

/** What a port asks of Placement; null: nothing. No request gives it. */
export const resourceRequest: ValueType<ResourceRequest | null> = {
  name: 'resource request',
  schema: { type: ['object', 'null'] },
  parse: () => refused('it follows from the QoS policy'),
};
