/** The ten pillars of the CWE list (view 1000), by number. */
export const pillars = {
  284: 'Improper Access Control',
  435: 'Improper Interaction Between Multiple Correctly-Behaving Entities',
  664: 'Improper Control of a Resource Through its Lifetime',
  682: 'Incorrect Calculation',
  691: 'Insufficient Control Flow Management',
  693: 'Protection Mechanism Failure',
  697: 'Incorrect Comparison',
  703: 'Improper Check or Handling of Exceptional Conditions',
  707: 'Improper Neutralization',
  710: 'Improper Adherence to Coding Standards',
} as const;

export type PillarId = keyof typeof pillars;

const isPillar = (id: number): id is PillarId => Object.hasOwn(pillars, id);

export const pillarIds: readonly PillarId[] = Object.keys(pillars).map(Number).filter(isPillar);

/** `CWE-284 Improper Access Control`. */
export const pillarText = (id: PillarId): string => `CWE-${id} ${pillars[id]}`;

/** Where the CWE list describes a weakness. */
export const cweUrl = (id: number): string => `https://cwe.mitre.org/data/definitions/${id}.html`;
