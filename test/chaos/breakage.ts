import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import type { Member } from '../processes/members.ts';
import { type Random, rest, stayBroken } from './random.ts';
import { ServerBreakage } from './server-breakage.ts';
import type { Far } from './wires.ts';
import type { World } from './world.ts';

/** What a service is cut off from at once. */
const CUTS: readonly (readonly Far[])[] = [
  ['postgres'],
  ['northbound'],
  ['southbound'],
  ['northbound', 'southbound'],
  ['postgres', 'northbound', 'southbound'],
];

/** Breaks one part after another, and mends each. Every method resolves when the part works again. */
export class Breakage {
  readonly #world: World;
  readonly #random: Random;
  #restarting = Promise.resolve();
  readonly #servers: readonly ServerBreakage[];
  /** Breakages by what was done. */
  readonly done = new Map<string, number>();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    const note = (what: string): void => this.#note(what);
    this.#servers = [
      {
        name: 'northbound' as const,
        cluster: world.northbound,
        schemaFile: schemaFile(northbound),
        forget: () => this.#alone(() => world.restartNorthd()),
      },
      {
        name: 'southbound' as const,
        cluster: world.southbound,
        schemaFile: schemaFile(southbound),
        forget: () => this.#alone(() => this.#restartAll()),
      },
    ].map((part) => new ServerBreakage(part, random, note));
  }

  /** Break until `signal` aborts, up to one part of each kind at a time. Everything works again at the end. */
  async work(signal: AbortSignal): Promise<void> {
    const kinds = [
      ...this.#servers.map((servers) => () => servers.breakOne()),
      () => this.#member(),
      () => this.#rest(),
    ];
    await Promise.all(
      kinds.map(async (breakOne) => {
        while (!signal.aborted) {
          await rest(this.#random, signal);
          if (!signal.aborted) await breakOne();
        }
      }),
    );
  }

  #note(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  /** Whoever restarts a program of OVN does so alone. */
  #alone(restart: () => Promise<void>): Promise<void> {
    this.#restarting = this.#restarting.then(restart);
    return this.#restarting;
  }

  async #restartAll(): Promise<void> {
    await this.#world.restartNorthd();
    for (const host of this.#world.hosts) await host.restartController();
  }

  async #member(): Promise<void> {
    const member: Member | undefined = this.#random.pick(this.#world.members.all);
    if (member === undefined) return;
    const kind = this.#random.below(4);
    if (kind === 0) {
      this.#note('service paused');
      member.kill('SIGSTOP');
      await stayBroken(this.#random);
      member.kill('SIGCONT');
    } else if (kind === 1) {
      await this.#cut(member);
    } else {
      const signal = kind === 2 ? 'SIGKILL' : 'SIGTERM';
      this.#note(kind === 2 ? 'service killed' : 'service stopped');
      member.kill(signal);
      await member.ended;
      await stayBroken(this.#random);
      await member.start();
    }
  }

  /** Packets between a service and databases go nowhere; nobody is told. */
  async #cut(member: Member): Promise<void> {
    const wires = this.#world.wires[this.#world.members.all.indexOf(member)];
    const fars = this.#random.pick(CUTS);
    if (wires === undefined || fars === undefined) return;
    this.#note(`service cut off from ${fars.join(' and ')}`);
    const dead = fars.flatMap((far) => wires.to[far]);
    for (const wire of dead) wire.cut();
    await stayBroken(this.#random);
    for (const wire of dead) wire.mend();
  }

  async #rest(): Promise<void> {
    const kind = this.#random.below(4);
    if (kind === 0) {
      this.#note('northd killed');
      await this.#alone(() => this.#world.restartNorthd());
    } else if (kind === 1) {
      this.#note('PostgreSQL killed');
      await this.#world.postgres.restart();
    } else {
      this.#note('ovn-controller killed');
      const host = this.#random.pick(this.#world.hosts);
      await this.#alone(async () => host?.restartController());
    }
  }
}
