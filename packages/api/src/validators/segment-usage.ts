import { refused, type ValueType } from '../value-type.ts';

/** Projects by the segmentation id that a network of theirs has. No request gives them. */
export const usedIds: ValueType<{ readonly [segmentationId: string]: string }> = {
  name: 'projects by segmentation id',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  parse: () => refused('it follows from the networks'),
};

/** Segmentation ids that are free. No request gives them. */
export const freeIds: ValueType<readonly number[]> = {
  name: 'segmentation ids',
  schema: { type: 'array', items: { type: 'integer' } },
  parse: () => refused('it follows from the networks'),
};
