import { BadRequest, type PortRange, parsePortRange, portRangeText } from '@ovenbird/api';

/** Where a port forwarding leads from and to. */
export interface Ranges {
  readonly external: PortRange;
  readonly internal: PortRange;
}

/** What a request says of ports: one port, or a range. */
export interface RangesGiven {
  readonly external_port?: number | null | undefined;
  readonly internal_port?: number | null | undefined;
  readonly external_port_range?: string | undefined;
  readonly internal_port_range?: string | undefined;
}

const bad = (msg: string) => BadRequest({ resource: 'port_forwarding', msg });

const rangeIn = (
  side: 'external' | 'internal',
  given: RangesGiven,
  current: PortRange | undefined,
): PortRange => {
  const port = given[`${side}_port`] ?? undefined;
  const text = given[`${side}_port_range`];
  const range = text === undefined ? undefined : parsePortRange(text);
  if (range !== undefined && !range.ok) throw bad(range.reason);
  if (port !== undefined && range !== undefined && portRangeText(range.value) !== `${port}:${port}`)
    throw bad(`${side}_port and ${side}_port_range name different ports`);
  const found = range?.value ?? (port === undefined ? current : { first: port, last: port });
  if (found === undefined) throw bad(`Either ${side}_port or ${side}_port_range must be specified`);
  return found;
};

const lengthOf = ({ first, last }: PortRange): number => last - first;

/**
 * The ports of a port forwarding: as many inside as outside, or one inside for all outside.
 *
 * @param current what holds where the request is silent
 * @throws ApiError BadRequest
 */
export const rangesOf = (given: RangesGiven, current?: Ranges): Ranges => {
  const external = rangeIn('external', given, current?.external);
  const internal = rangeIn('internal', given, current?.internal);
  if (lengthOf(internal) > 0 && lengthOf(internal) !== lengthOf(external)) {
    throw bad(
      'Invalid ranges of internal and/or external ports. ' +
        'The relation between internal and external ports must be N-N or 1-N',
    );
  }
  return { external, internal };
};

/** Throws ApiError 400 where a range shares a port with one of the others. */
export const checkApart = (
  key: 'external_port_range' | 'internal_port_range',
  range: PortRange,
  others: readonly PortRange[],
): void => {
  const hit = others.find((other) => other.first <= range.last && range.first <= other.last);
  if (hit === undefined) return;
  throw bad(
    `There is a port collision with the ${key}. The following ranges collide: ` +
      `${portRangeText(hit)} and ${portRangeText(range)}`,
  );
};
