const FORMS = [
  /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/,
  /^[0-9a-f]{1,2}(?:-[0-9a-f]{1,2}){5}$/,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}$/,
  /^[0-9a-f]{12}$/,
];

/**
 * A 48-bit MAC address in its stored form, six lower-case pairs joined by colons, or `undefined`. The usual notations
 * (`aa:bb:…`, `AA-BB-…`, `aabb.ccdd.eeff`, `aabbccddeeff`) are taken.
 */
export const parseMac = (given: string): string | undefined => {
  if (given.length > 17 || given.length < 11) return undefined;
  const text = given.toLowerCase();
  if (!FORMS.some((form) => form.test(text))) return undefined;
  const pairs = /[:-]/.test(text)
    ? text.split(/[:-]/).map((pair) => pair.padStart(2, '0'))
    : text.replaceAll('.', '').match(/../g);
  return pairs?.join(':');
};

/** Whether the group bit of a MAC address in stored form is set. */
export const isGroupMac = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
