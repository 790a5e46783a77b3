import type { Scenario } from '../step.ts';
import { badInput } from './bad-input.ts';
import { dns } from './dns.ts';
import { networks } from './networks.ts';
import { pools } from './pools.ts';
import { ports } from './ports.ts';
import { qos } from './qos.ts';
import { references } from './references.ts';
import { routing } from './routing.ts';
import { security } from './security.ts';

/** Everything that is compared, in order. */
export const scenarios: readonly Scenario[] = [
  ...networks,
  ...pools,
  ...ports,
  ...dns,
  ...security,
  ...qos,
  ...routing,
  ...badInput,
  ...references,
];
