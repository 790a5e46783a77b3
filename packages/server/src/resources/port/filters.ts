import { eachOf } from '../../db/query/each-of.ts';
import { ACTIVE } from '../../db/query/literals.ts';
import type { Condition } from '../../engine/contract.ts';

/** What `fixed_ips=key=value` asks for, by key; values are alternatives. */
interface FixedIpMatch {
  readonly ip_address?: readonly string[];
  readonly subnet_id?: readonly string[];
  readonly ip_address_substr?: readonly string[];
}

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');

/** Parts that an address can have, in the spelling of stored addresses; anything else is in none. */
const addressParts = (parts: readonly string[]): readonly string[] =>
  parts.map((part) => part.toLowerCase()).filter((part) => /^[0-9a-f.:]*$/.test(part));

/** Ports with one address that matches every key of one of the given matches. */
export const fixedIpsFilter = (values: readonly unknown[]): Condition => {
  // A nested filter's values are the matches that the query parser made.
  const matches = values.filter(
    (value): value is FixedIpMatch => typeof value === 'object' && value !== null,
  );
  return (eb) =>
    eb.exists(
      eb
        .selectFrom('ip_allocations')
        .select('ip_allocations.port_id')
        .whereRef('ip_allocations.port_id', '=', 'ports.id')
        .where((inner) =>
          inner.or(
            matches.map((match) =>
              inner.and([
                ...(match.ip_address === undefined
                  ? []
                  : [inner('ip_allocations.ip_address', 'in', eachOf(match.ip_address))]),
                ...(match.subnet_id === undefined
                  ? []
                  : [inner('ip_allocations.subnet_id', 'in', eachOf(match.subnet_id))]),
                ...(match.ip_address_substr === undefined
                  ? []
                  : [
                      inner.or(
                        addressParts(match.ip_address_substr).map((part) =>
                          inner('ip_allocations.ip_address', 'like', `%${part}%`),
                        ),
                      ),
                    ]),
              ]),
            ),
          ),
        ),
    );
};

/** Ports in one of these security groups. */
export const securityGroupsFilter =
  (values: readonly unknown[]): Condition =>
  (eb) =>
    eb.exists(
      eb
        .selectFrom('port_security_groups')
        .select('port_security_groups.port_id')
        .whereRef('port_security_groups.port_id', '=', 'ports.id')
        .where('port_security_groups.security_group_id', 'in', eachOf(texts(values))),
    );

/** Ports plugged on one of these hosts. */
export const hostFilter =
  (values: readonly unknown[]): Condition =>
  (eb) =>
    eb.exists(
      eb
        .selectFrom('port_bindings')
        .select('port_bindings.port_id')
        .whereRef('port_bindings.port_id', '=', 'ports.id')
        .where('port_bindings.status', '=', ACTIVE)
        .where('port_bindings.host', 'in', eachOf(texts(values))),
    );
