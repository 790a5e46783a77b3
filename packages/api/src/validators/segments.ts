import { display } from '../display.ts';
import { HTTPBadRequest } from '../errors/request.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isDict, unexpectedKeys } from './dict.ts';
import { integer } from './integer.ts';
import { string } from './string.ts';
import { parseEach } from './subnet-values.ts';

/** One segment of a network. */
export interface Segment {
  readonly 'provider:network_type': string;
  readonly 'provider:physical_network': string | null;
  readonly 'provider:segmentation_id': number | null;
}

/** A segment in a request; what it leaves out is chosen by the type driver. */
export interface SegmentRequest {
  readonly 'provider:network_type'?: string;
  readonly 'provider:physical_network'?: string;
  readonly 'provider:segmentation_id'?: number;
}

/** The longest network type and physical network names. */
export const NETWORK_TYPE_LENGTH = 32;
export const PHYSICAL_NETWORK_LENGTH = 64;

const KEYS: ReadonlySet<string> = new Set([
  'provider:network_type',
  'provider:physical_network',
  'provider:segmentation_id',
]);

/** `provider:network_type`: a name; whether a type driver knows it is ML2's to say. */
export const networkType = string(NETWORK_TYPE_LENGTH);
/** `provider:physical_network`: a name from the configuration. */
export const physicalNetwork = string(PHYSICAL_NETWORK_LENGTH);
/** `provider:segmentation_id`: VLAN id or tunnel key; its range depends on the type. */
export const segmentationId = integer(0);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const parseSegment = (value: unknown): Parsed<SegmentRequest> => {
  if (!isDict(value)) return refused(`'${display(value)}' is not a dictionary`);
  const unexpected = unexpectedKeys(value, KEYS);
  if (unexpected.length > 0) {
    return refusedWith(
      HTTPBadRequest({ message: `Unrecognized attribute(s) '${display(unexpected.join(', '))}'` }),
    );
  }
  const segment: Writable<SegmentRequest> = {};
  const given = (key: string): boolean => value[key] !== undefined && value[key] !== null;
  if (given('provider:network_type')) {
    const type = networkType.parse(value['provider:network_type']);
    if (!type.ok) return type;
    segment['provider:network_type'] = type.value;
  }
  if (given('provider:physical_network')) {
    const physical = physicalNetwork.parse(value['provider:physical_network']);
    if (!physical.ok) return physical;
    segment['provider:physical_network'] = physical.value;
  }
  if (given('provider:segmentation_id')) {
    const id = segmentationId.parse(value['provider:segmentation_id']);
    if (!id.ok) return id;
    segment['provider:segmentation_id'] = id.value;
  }
  return accepted(segment);
};

/** The segments of a multi-provider network. */
export const segments: ValueType<readonly Segment[], readonly SegmentRequest[]> = {
  name: 'segments',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        'provider:network_type': { type: 'string', maxLength: NETWORK_TYPE_LENGTH },
        'provider:physical_network': { type: ['string', 'null'], maxLength: PHYSICAL_NETWORK_LENGTH },
        'provider:segmentation_id': { type: ['integer', 'null'] },
      },
      additionalProperties: false,
    },
  },
  parse: (value) =>
    Array.isArray(value) ? parseEach(value, parseSegment) : refused(`'${display(value)}' is not a list`),
};
