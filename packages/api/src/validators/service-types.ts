import { display } from '../display.ts';
import { InvalidInputSubnetServiceType, InvalidSubnetServiceType } from '../errors/subnet.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isStorable } from './string.ts';

/** What owners of ports look like: a service, and what of it (`compute:nova`). */
const OWNER = /^[A-Za-z][\w.-]*:/;
const LONGEST = 255;

const isOwner = (text: string): boolean => text.length <= LONGEST && isStorable(text) && OWNER.test(text);

const parseTypes = (value: unknown): Parsed<readonly string[]> => {
  if (value === null) return accepted([]);
  if (!Array.isArray(value)) return refused('Subnet service types must be a list');
  const types = new Set<string>();
  for (const item of value) {
    if (typeof item !== 'string')
      return refusedWith(InvalidInputSubnetServiceType({ serviceType: display(item) }));
    if (!isOwner(item)) return refusedWith(InvalidSubnetServiceType({ serviceType: display(item) }));
    types.add(item);
  }
  return accepted([...types]);
};

/** Owners of ports that a subnet is for; none: for all. */
export const serviceTypes: ValueType<readonly string[]> = {
  name: 'subnet service types',
  schema: { type: ['array', 'null'], items: { type: 'string', maxLength: LONGEST } },
  parse: parseTypes,
};
