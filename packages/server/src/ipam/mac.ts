import type { Random } from './random.ts';

/**
 * A new MAC address below `base` in stored form: its first three octets are kept, and the fourth as well unless it is
 * `00` (`fa:16:3e:00:00:00` leaves 24 bits, `fa:16:3e:4f:00:00` 16).
 */
export const generateMac = (base: string, random: Random): string => {
  const octets = base.split(':');
  const kept = octets[3] === '00' ? 3 : 4;
  const free = 6 - kept;
  const value = random.below(1n << BigInt(8 * free));
  const digits = value.toString(16).padStart(2 * free, '0');
  const drawn = Array.from({ length: free }, (_, index) => digits.slice(2 * index, 2 * index + 2));
  return [...octets.slice(0, kept), ...drawn].join(':');
};

/** `count` different addresses below `base`; none of `avoid`. Fewer where there are not that many. */
export const generateMacs = (
  base: string,
  count: number,
  random: Random,
  avoid: ReadonlySet<string>,
): readonly string[] => {
  const found = new Set<string>();
  for (let tries = 0; found.size < count && tries < 10 * count + 10; tries++) {
    const mac = generateMac(base, random);
    if (!avoid.has(mac)) found.add(mac);
  }
  return [...found];
};
