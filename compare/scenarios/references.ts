import { around, refusals } from '../../test/bad-input/references.ts';
import type { Scenario } from '../step.ts';

/** Every request that names what is not there, belongs to others, or is in use. */
export const references: readonly Scenario[] = [
  { name: 'refused references', steps: [...around, ...refusals.map(({ step }) => step)] },
];
