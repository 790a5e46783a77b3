import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';
import { type Dict, isDict } from './dict.ts';
import { parseInteger } from './integer.ts';
import { parseEach } from './subnet-values.ts';
import { parseUuid } from './uuid.ts';

/** A port that a trunk carries under a VLAN tag. */
export interface SubPort {
  readonly port_id: string;
  readonly segmentation_type: string;
  readonly segmentation_id: number;
}

/** A sub-port in a request. Type `inherit` takes type and id of the port's network. */
export interface SubPortRequest {
  readonly port_id: string;
  readonly segmentation_type?: string;
  readonly segmentation_id?: number;
}

/** The segmentation type that stands for the one of the port's network. */
export const INHERIT = 'inherit';

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const missing = (value: Dict): Parsed<never> =>
  refused(
    `Invalid subport details '${display(value)}': missing segmentation information. ` +
      'Must specify both segmentation_id and segmentation_type',
  );

const parseSubPort = (value: unknown): Parsed<SubPortRequest> => {
  if (!isDict(value)) return refused(`Invalid data format for subport: '${display(value)}' is not a dict`);
  if (!Object.hasOwn(value, 'port_id')) return refused('A valid port UUID must be specified');
  const port = parseUuid(value.port_id);
  if (!port.ok) return refused(`Invalid UUID for subport: '${display(value.port_id)}'`);
  const { segmentation_type: type, segmentation_id: id } = value;
  if (isGiven(type) && typeof type !== 'string')
    return refused(`Unknown segmentation_type '${display(type)}'`);
  if (type === INHERIT) return accepted({ port_id: port.value, segmentation_type: INHERIT });
  if (!isGiven(type) && !isGiven(id) && Object.keys(value).length === 1)
    return accepted({ port_id: port.value });
  if (typeof type !== 'string' || type === '' || !isGiven(id)) return missing(value);
  const tag = parseInteger(id);
  if (!tag.ok) return refused(`Invalid subport details: segmentation_id '${display(id)}' is not an integer`);
  return accepted({ port_id: port.value, segmentation_type: type, segmentation_id: tag.value });
};

const checkUnique = (subPorts: readonly SubPortRequest[]): Parsed<readonly SubPortRequest[]> => {
  const ports = new Set<string>();
  const tags = new Set<string>();
  for (const { port_id: port, segmentation_type: type, segmentation_id: id } of subPorts) {
    if (ports.has(port)) return refused(`Non unique UUID for subport: '${port}'`);
    ports.add(port);
    if (id === undefined) continue;
    if (tags.has(`${type} ${id}`)) return refused(`Segmentation ID '${id}' for '${port}' is not unique`);
    tags.add(`${type} ${id}`);
  }
  return accepted(subPorts);
};

/** The sub-ports of a trunk: different ports under different tags. Whether the tags are VLAN ids is the trunk's to check. */
export const subPorts: ValueType<readonly SubPort[], readonly SubPortRequest[]> = {
  name: 'sub-ports',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        port_id: { type: 'string', format: 'uuid' },
        segmentation_type: { type: 'string', enum: ['vlan', INHERIT] },
        segmentation_id: { type: 'integer' },
      },
      required: ['port_id'],
    },
  },
  parse: (value) => {
    if (!Array.isArray(value))
      return refused(`Invalid data format for subports: '${display(value)}' is not a list`);
    const parsed = parseEach(value, parseSubPort);
    return parsed.ok ? checkUnique(parsed.value) : parsed;
  },
};

/** What a port shows of the trunk that it is the parent of. */
export interface TrunkDetails {
  readonly trunk_id: string;
  readonly sub_ports: readonly (SubPort & { readonly mac_address: string })[];
}

/** Read only: `undefined` while the port is no parent. */
export const trunkDetailsValue: ValueType<TrunkDetails | undefined> = {
  name: 'trunk details',
  schema: {
    type: 'object',
    properties: {
      trunk_id: { type: 'string', format: 'uuid' },
      sub_ports: { type: 'array', items: { type: 'object' } },
    },
  },
  parse: () => refused('trunk details follow from the trunk'),
};
