import { InvalidInput } from '../errors/request.ts';
import { refusedWith, type ValueType } from '../value-type.ts';
import { uniqueStrings } from './string.ts';

const LONGEST = 255;
const zones = uniqueStrings(LONGEST);

/** Different availability zone names, at most 255 characters of JSON in all. */
export const availabilityZoneHints: ValueType<readonly string[]> = {
  ...zones,
  name: 'availability zone hints',
  parse: (value) => {
    const checked = zones.parse(value);
    return checked.ok && JSON.stringify(checked.value).length > LONGEST
      ? refusedWith(InvalidInput({ message: 'Too many availability_zone_hints specified' }))
      : checked;
  },
};
