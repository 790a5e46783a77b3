import {
  InvalidInput,
  SegmentsContainDuplicateEntry,
  SegmentsSetInConjunctionWithProviders,
} from '@ovenbird/api';

/** A segment that a request asks for, fully or in part. */
export interface SegmentSpec {
  readonly networkType: string;
  readonly physicalNetwork: string | undefined;
  readonly segmentationId: number | undefined;
}

/** `provider:*` as a request gives them, on the network itself or in an element of `segments`. */
export interface ProviderAttributes {
  readonly 'provider:network_type'?: string | null | undefined;
  readonly 'provider:physical_network'?: string | null | undefined;
  readonly 'provider:segmentation_id'?: number | null | undefined;
}

/** What of a network's POST body says which segments it wants. */
export interface SegmentAttributes extends ProviderAttributes {
  readonly segments?: readonly ProviderAttributes[] | undefined;
}

const specOf = (given: ProviderAttributes): SegmentSpec => {
  const networkType = given['provider:network_type'];
  if (networkType === undefined || networkType === null || networkType === '') {
    throw InvalidInput({ message: 'network_type required' });
  }
  return {
    networkType,
    physicalNetwork: given['provider:physical_network'] || undefined,
    segmentationId: given['provider:segmentation_id'] ?? undefined,
  };
};

const namesProvider = (given: ProviderAttributes): boolean =>
  (given['provider:network_type'] ??
    given['provider:physical_network'] ??
    given['provider:segmentation_id']) != null;

/**
 * The segments that a POST body asks for, in order; undefined when it leaves the choice to the service.
 *
 * @throws ApiError 400 when it names both `segments` and `provider:*`, or a segment without a type
 */
export const requestedSegments = (body: SegmentAttributes): readonly SegmentSpec[] | undefined => {
  const segments = body.segments ?? [];
  if (namesProvider(body)) {
    if (segments.length > 0) throw SegmentsSetInConjunctionWithProviders();
    return [specOf(body)];
  }
  return segments.length > 0 ? segments.map(specOf) : undefined;
};

/**
 * Whether both stand for the same segment, so that one network cannot have both. A segment whose id is still to be
 * chosen equals none; `flat` and `local` have no id to choose and are always complete.
 */
export const sameSegment = (a: SegmentSpec, b: SegmentSpec): boolean => {
  if (a.networkType !== b.networkType) return false;
  const complete = a.segmentationId !== undefined;
  const withoutId = a.networkType === 'flat' || a.networkType === 'local';
  if (!complete && !withoutId) return false;
  return a.physicalNetwork === b.physicalNetwork && a.segmentationId === b.segmentationId;
};

/** @throws SegmentsContainDuplicateEntry 400 when two of them are the same segment */
export const checkDuplicates = (specs: readonly SegmentSpec[]): void => {
  for (const [index, spec] of specs.entries()) {
    if (specs.slice(index + 1).some((other) => sameSegment(spec, other)))
      throw SegmentsContainDuplicateEntry();
  }
};
