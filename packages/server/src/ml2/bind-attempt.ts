import type { Port } from '@ovenbird/api';
import type { BindingRequest, BindingResult, MechanismDriver, NetworkSegment } from './contract.ts';

/** One level of a binding: which driver bound which segment. Level 0 is the network's own segment. */
export interface BindingLevel {
  readonly driver: string;
  readonly segmentId: string;
}

/** How a port attaches to a host, as the drivers said. */
export interface BoundResult {
  readonly vifType: string;
  readonly vifDetails: { readonly [key: string]: unknown };
  readonly levels: readonly BindingLevel[];
}

/** What is bound: an active or a prepared binding of a port. */
export interface BindingTarget {
  readonly port: Port;
  readonly host: string;
  readonly vnicType: string;
  readonly profile: { readonly [key: string]: unknown };
}

/** Told of a driver that threw when it was asked to bind; the next one is asked. */
export type BindFailed = (driver: string, portId: string, error: unknown) => void;

/** Depth of hierarchical binding. */
const MAX_LEVELS = 10;

type Bound = Extract<BindingResult, { outcome: 'bound' }>;

const finished = (result: Bound, levels: readonly BindingLevel[]): BoundResult => ({
  vifType: result.vifType,
  vifDetails: {
    ...result.vifDetails,
    connectivity: result.vifDetails.connectivity ?? 'legacy',
    bound_drivers: Object.fromEntries(levels.map((level, index) => [String(index), level.driver])),
  },
  levels,
});

/** A port without addresses works only where the driver promises plain layer 2. */
const suits = (port: Port, result: Bound): boolean =>
  port.fixed_ips.length > 0 || result.vifDetails.connectivity === 'l2';

/**
 * Ask the drivers in order, level by level, until one ends the chain.
 *
 * @param segments those of the network, in order
 * @returns undefined when no driver can
 */
export const attemptBinding = (
  drivers: readonly MechanismDriver[],
  target: BindingTarget,
  segments: readonly NetworkSegment[],
  failed: BindFailed,
): Promise<BoundResult | undefined> => {
  const ask = async (
    driver: MechanismDriver,
    request: BindingRequest,
  ): Promise<BindingResult | undefined> => {
    try {
      return await driver.bind?.(request);
    } catch (error) {
      failed(driver.name, target.port.id, error);
      return undefined;
    }
  };
  const descend = async (
    candidates: readonly NetworkSegment[],
    above: readonly BindingLevel[],
  ): Promise<BoundResult | undefined> => {
    if (above.length >= MAX_LEVELS || candidates.length === 0) return undefined;
    for (const driver of drivers) {
      const result = await ask(driver, { ...target, segments: candidates });
      if (result === undefined || !candidates.some((segment) => segment.id === result.segmentId)) continue;
      const level = { driver: driver.name, segmentId: result.segmentId };
      // A driver that meets a segment of its own again would go round in circles.
      if (above.some((one) => one.driver === level.driver && one.segmentId === level.segmentId)) continue;
      const levels = [...above, level];
      if (result.outcome === 'bound') {
        if (suits(target.port, result)) return finished(result, levels);
        continue;
      }
      const below = await descend(result.segments, levels);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return descend(segments, []);
};
