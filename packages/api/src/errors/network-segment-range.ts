import { defineError } from '../errors.ts';

/** 400: networks of the type have no ids to choose, or the type is not configured. */
export const NetworkSegmentRangeNetTypeNotSupported = defineError<{ type: string }>(
  400,
  'NetworkSegmentRangeNetTypeNotSupported',
  (p) => `Network type ${p.type} does not support network segment ranges.`,
);

/** 404: no such range. */
export const NetworkSegmentRangeNotFound = defineError<{ id: string }>(
  404,
  'NetworkSegmentRangeNotFound',
  (p) => `Network Segment Range ${p.id} could not be found.`,
);

/** 409: networks have ids of the range. */
export const NetworkSegmentRangeReferencedByProject = defineError<{ id: string }>(
  409,
  'NetworkSegmentRangeReferencedByProject',
  (p) => `Network Segment Range ${p.id} is referenced by one or more project networks.`,
);

/** 400: the range comes from the configuration. */
export const NetworkSegmentRangeDefaultReadOnly = defineError<{ id: string }>(
  400,
  'NetworkSegmentRangeDefaultReadOnly',
  (p) => `Network Segment Range ${p.id} is a default segment range which could not be updated or deleted.`,
);

/** 409: other ranges that administrators made hold some of the ids. */
export const NetworkSegmentRangeOverlaps = defineError<{ ids: readonly string[] }>(
  409,
  'NetworkSegmentRangeOverlaps',
  (p) => `Network segment range overlaps with range(s) with id ${p.ids.join(', ')}`,
);
