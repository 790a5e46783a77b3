import { display } from '../display.ts';
import { isGroupMac, parseMac } from '../mac.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

/** A unicast MAC address in stored form: lower case, colons. The zero, broadcast and group addresses are refused. */
export const parseMacAddress = (value: unknown): Parsed<string> => {
  const mac = typeof value === 'string' ? parseMac(value) : undefined;
  if (mac === undefined || mac === '00:00:00:00:00:00' || mac === 'ff:ff:ff:ff:ff:ff') {
    return refused(`'${display(value)}' is not a valid MAC address`);
  }
  return isGroupMac(mac)
    ? refused(`MAC address ${mac} is a multicast address, which is not supported.`)
    : accepted(mac);
};

/** A unicast MAC address. */
export const macAddress: ValueType<string> = {
  name: 'mac_address',
  schema: { type: 'string', pattern: '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$' },
  parse: parseMacAddress,
  fromQuery: (text) => accepted(parseMac(text) ?? text),
};

/** A unicast MAC address; null in a request: a new one. */
export const macAddressOrNew: ValueType<string, string | null> = {
  ...macAddress,
  schema: { type: ['string', 'null'] },
  parse: (value) => (value === null ? accepted(null) : parseMacAddress(value)),
};
