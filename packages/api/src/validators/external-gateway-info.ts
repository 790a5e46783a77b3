import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';
import { boolean } from './boolean.ts';
import { isDict, unexpectedKeys } from './dict.ts';
import { type FixedIp, type FixedIpRequest, fixedIps } from './fixed-ips.ts';
import { parseEach } from './subnet-values.ts';
import { parseUuid, uuidOrNull } from './uuid.ts';

/** A gateway of a router: its network, addresses there, whether it hides inner addresses behind them, its policy. */
export interface ExternalGateway {
  readonly network_id: string;
  readonly enable_snat: boolean;
  readonly external_fixed_ips: readonly FixedIp[];
  /** Shown where it, or its network, has one. */
  readonly qos_policy_id?: string | null;
}

/** A gateway as a request asks for it; what is left out keeps its default. */
export interface ExternalGatewayRequest {
  readonly network_id: string;
  readonly enable_snat?: boolean;
  readonly external_fixed_ips?: readonly FixedIpRequest[];
  readonly qos_policy_id?: string | null;
}

const KEYS = new Set(['network_id', 'enable_snat', 'external_fixed_ips', 'qos_policy_id']);

const parseGateway = (value: unknown): Parsed<ExternalGatewayRequest> => {
  if (!isDict(value)) return refused(`'${display(value)}' is not a dictionary`);
  if (!Object.hasOwn(value, 'network_id')) {
    return refused(
      `Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: ${display(Object.keys(value))}`,
    );
  }
  const unexpected = unexpectedKeys(value, KEYS);
  if (unexpected.length > 0) return refused(`Unexpected keys supplied: ${display(unexpected.join(', '))}`);
  const network = parseUuid(value.network_id);
  if (!network.ok) return network;
  const gateway: {
    network_id: string;
    enable_snat?: boolean;
    external_fixed_ips?: readonly FixedIpRequest[];
    qos_policy_id?: string | null;
  } = { network_id: network.value };
  if (Object.hasOwn(value, 'external_fixed_ips')) {
    const addresses = fixedIps.parse(value.external_fixed_ips);
    if (!addresses.ok) return addresses;
    gateway.external_fixed_ips = addresses.value;
  }
  if (Object.hasOwn(value, 'enable_snat')) {
    const snat = boolean.parse(value.enable_snat);
    if (!snat.ok) return snat;
    gateway.enable_snat = snat.value;
  }
  if (Object.hasOwn(value, 'qos_policy_id')) {
    const policy = uuidOrNull.parse(value.qos_policy_id);
    if (!policy.ok) return policy;
    gateway.qos_policy_id = policy.value;
  }
  return accepted(gateway);
};

const schema = {
  type: 'object',
  properties: {
    network_id: { type: 'string', format: 'uuid' },
    enable_snat: { type: 'boolean' },
    external_fixed_ips: fixedIps.schema,
    qos_policy_id: uuidOrNull.schema,
  },
  required: ['network_id'],
  additionalProperties: false,
};

/** The gateway of a router; null or an empty object: none. */
export const externalGatewayInfo: ValueType<ExternalGateway | null, ExternalGatewayRequest | null> = {
  name: 'external gateway',
  schema: { ...schema, type: ['object', 'null'] },
  parse: (value) =>
    value === null || (isDict(value) && Object.keys(value).length === 0)
      ? accepted(null)
      : parseGateway(value),
};

/** All gateways of a router, the first being the one that `external_gateway_info` shows; null means none. */
export const externalGateways: ValueType<readonly ExternalGateway[], readonly ExternalGatewayRequest[]> = {
  name: 'external gateways',
  schema: { type: 'array', items: schema },
  parse: (value) => {
    if (value === null) return accepted([]);
    return Array.isArray(value)
      ? parseEach(value, parseGateway)
      : refused(`'${display(value)}' is not a list`);
  },
};
