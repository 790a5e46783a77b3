import { InvalidMTU } from '@ovenbird/api';
import type { NetworkSegment, TypeDriver } from './contract.ts';

type Carrier = Pick<NetworkSegment, 'networkType' | 'physicalNetwork'>;

export interface Mtu {
  /** The largest MTU that every segment carries, octets; 0: nothing limits it. */
  maximum(segments: readonly Carrier[]): number;
  /**
   * The MTU of a network, octets: what was asked for, or the maximum when `requested` is 0.
   *
   * @throws InvalidMTU 400 when more was asked for than the segments carry
   */
  resolve(segments: readonly Carrier[], requested: number): number;
}

/** @param globalPhysnetMtu what holds when no segment has a say, octets */
export const createMtu = (typeDrivers: ReadonlyMap<string, TypeDriver>, globalPhysnetMtu: number): Mtu => {
  const maximum = (segments: readonly Carrier[]): number => {
    const limits = segments
      .map((segment) => typeDrivers.get(segment.networkType)?.mtu(segment.physicalNetwork) ?? 0)
      .filter((mtu) => mtu > 0);
    return limits.length === 0 ? globalPhysnetMtu : Math.min(...limits);
  };
  return {
    maximum,
    resolve(segments, requested) {
      const limit = maximum(segments);
      if (limit > 0 && requested > limit) throw InvalidMTU({ mtu: requested, maximum: limit });
      return requested > 0 ? requested : limit;
    },
  };
};
