import { setTimeout as sleep } from 'node:timers/promises';
import type { OvsdbServerProcess, TestCluster } from '@ovenbird/ovsdb/testing';
import type { Member } from '../processes/members.ts';
import type { World } from './world.ts';

/** A source of numbers that the seed decides. */
interface Random {
  below(limit: number): number;
  pick<T>(from: readonly T[]): T | undefined;
}

/** How long something stays broken, in milliseconds. */
const BROKEN_MS = { least: 200, most: 3_000 };
/** Rest between two breakages of one kind of part, in milliseconds. */
const REST_MS = { least: 500, most: 3_000 };

const between = (random: Random, { least, most }: { least: number; most: number }): number =>
  least + random.below(most - least);

/** Breaks one part after another, and mends each. Every method resolves when the part works again. */
export class Breakage {
  readonly #world: World;
  readonly #random: Random;
  /** Breakages by what was done. */
  readonly done = new Map<string, number>();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Break until `signal` aborts, up to one part of each kind at a time. Everything works again at the end. */
  async work(signal: AbortSignal): Promise<void> {
    const { northbound, southbound } = this.#world;
    const kinds = [
      () => this.#server('northbound', northbound),
      () => this.#server('southbound', southbound),
      () => this.#member(),
      () => this.#rest(),
    ];
    await Promise.all(
      kinds.map(async (breakOne) => {
        while (!signal.aborted) {
          await sleep(between(this.#random, REST_MS), undefined, { signal }).catch(() => {});
          if (!signal.aborted) await breakOne();
        }
      }),
    );
  }

  #note(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  #pause(): Promise<void> {
    return sleep(between(this.#random, BROKEN_MS));
  }

  async #server(name: string, cluster: TestCluster): Promise<void> {
    const leader = await cluster.leader().catch(() => undefined);
    const server: OvsdbServerProcess | undefined =
      this.#random.below(2) === 0 ? leader : this.#random.pick(cluster.servers);
    if (server === undefined) return;
    const kind = this.#random.below(4);
    if (kind === 0) {
      this.#note(`${name} server killed`);
      await server.kill();
      await this.#pause();
      await server.start();
    } else if (kind === 1) {
      this.#note(`${name} server paused`);
      server.pause();
      await this.#pause();
      server.resume();
    } else if (kind === 2) {
      this.#note(`${name} leadership transferred`);
      // Refused by a server that does not lead.
      await server.control('cluster/failure-test', 'transfer-leadership').catch(() => {});
    } else {
      this.#note(`${name} database compacted`);
      await server.control('ovsdb-server/compact').catch(() => {});
    }
  }

  async #member(): Promise<void> {
    const member: Member | undefined = this.#random.pick(this.#world.members.all);
    if (member === undefined) return;
    const kind = this.#random.below(3);
    if (kind === 0) {
      this.#note('service paused');
      member.kill('SIGSTOP');
      await this.#pause();
      member.kill('SIGCONT');
      return;
    }
    const signal = kind === 1 ? 'SIGKILL' : 'SIGTERM';
    this.#note(kind === 1 ? 'service killed' : 'service stopped');
    member.kill(signal);
    await member.ended;
    await this.#pause();
    await member.start();
  }

  async #rest(): Promise<void> {
    const kind = this.#random.below(4);
    if (kind === 0) {
      this.#note('northd killed');
      await this.#world.restartNorthd();
    } else if (kind === 1) {
      this.#note('PostgreSQL killed');
      await this.#world.postgres.restart();
    } else {
      this.#note('ovn-controller killed');
      await this.#random.pick(this.#world.hosts)?.restartController();
    }
  }
}
