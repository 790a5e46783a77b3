/** OVN's bidirectional forwarding detection watches each of them; more bring no more safety. */
export const MAX_GATEWAY_CHASSIS = 5;

/** How chassis are chosen among those that may carry a gateway. */
export type GatewayScheduler = 'leastloaded' | 'chance';

/** A chassis that may carry the gateway in question. */
export interface Candidate {
  readonly name: string;
  /** Availability zones that it declares. */
  readonly zones: readonly string[];
  readonly alive: boolean;
}

/** How many gateways each chassis carries at each priority. */
export class GatewayLoad {
  readonly #counts = new Map<string, Map<number, number>>();

  add(chassis: string, priority: number, count = 1): void {
    const counts = this.#counts.get(chassis) ?? new Map<number, number>();
    this.#counts.set(chassis, counts.set(priority, (counts.get(priority) ?? 0) + count));
  }

  at(chassis: string, priority: number): number {
    return this.#counts.get(chassis)?.get(priority) ?? 0;
  }

  below(chassis: string, priority: number): number {
    let sum = 0;
    for (const [at, count] of this.#counts.get(chassis) ?? []) if (at < priority) sum += count;
    return sum;
  }
}

/** FNV-1a: spreads what is equally good over the chassis, the same way on every process. */
const spread = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

export interface ScheduleRequest {
  readonly routerId: string;
  readonly candidates: readonly Candidate[];
  /** Chassis that carry it now, the first choice first; those that are no candidates any more are dropped. */
  readonly current: readonly string[];
  /** How many chassis may carry it, one after the other. Default {@link MAX_GATEWAY_CHASSIS}. */
  readonly limit?: number;
  readonly scheduler: GatewayScheduler;
  /** Without this gateway. Used by `leastloaded`. */
  readonly load: GatewayLoad;
  /** At least 0 and below 1. Used by `chance`. */
  readonly random: () => number;
}

/** Smaller is better, compared from the left. */
type Rank = readonly number[];

const isBetter = (one: Rank, other: Rank): boolean => {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0;
    if (value !== against) return value < against;
  }
  return false;
};

const rankOf = (
  request: ScheduleRequest,
  candidate: Candidate,
  priority: number,
  zones: ReadonlySet<string>,
): Rank => {
  const { load, routerId, scheduler, random } = request;
  const brings = candidate.zones.some((zone) => !zones.has(zone));
  const general = [candidate.alive ? 0 : 1, brings ? 0 : 1];
  if (scheduler === 'chance') return [...general, random()];
  const { name } = candidate;
  // Among equals the one that stands by for more others: it gets its share of the work.
  const loads = [load.at(name, priority), -load.below(name, priority)];
  return [...general, ...loads, spread(`${routerId} ${priority} ${name}`)];
};

/**
 * Which chassis carry a gateway, the first choice first: at most `limit`. Chassis that carry it now
 * keep their order, so that no traffic moves without need; new ones stand behind them. Live chassis come before dead
 * ones and those of another availability zone before more of the same. Pure, but for `random`.
 */
export const scheduleGateway = (request: ScheduleRequest): readonly string[] => {
  const left = new Map(request.candidates.map((candidate) => [candidate.name, candidate]));
  const count = Math.min(request.limit ?? MAX_GATEWAY_CHASSIS, left.size);
  const chosen: string[] = [];
  const zones = new Set<string>();
  const choose = (candidate: Candidate): void => {
    left.delete(candidate.name);
    chosen.push(candidate.name);
    for (const zone of candidate.zones) zones.add(zone);
  };
  for (const name of request.current) {
    const kept = left.get(name);
    if (kept !== undefined && chosen.length < count) choose(kept);
  }
  while (chosen.length < count) {
    const priority = count - chosen.length;
    let best: { readonly candidate: Candidate; readonly rank: Rank } | undefined;
    for (const candidate of left.values()) {
      const rank = rankOf(request, candidate, priority, zones);
      if (best === undefined || isBetter(rank, best.rank)) best = { candidate, rank };
    }
    if (best === undefined) break;
    choose(best.candidate);
  }
  return chosen;
};
