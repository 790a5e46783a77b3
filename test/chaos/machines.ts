import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '@ovenbird/server';
import type { Random } from './random.ts';

const EVERY_MS = 300;
const MOST = 24;

interface Machine {
  readonly port: string;
  readonly host: LabHost;
  readonly name: string;
}

/** Plugs interfaces of ports into hosts and pulls them, so that ports come up and go down. */
export class Machines {
  readonly #hosts: readonly LabHost[];
  readonly #random: Random;
  readonly #ports: () => readonly string[];
  readonly #plugged: Machine[] = [];
  #count = 0;

  constructor(hosts: readonly LabHost[], random: Random, ports: () => readonly string[]) {
    this.#hosts = hosts;
    this.#random = random;
    this.#ports = ports;
  }

  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
      if (this.#plugged.length >= MOST || this.#random.below(4) === 0) await this.#pull();
      else await this.#plug();
    }
  }

  async #plug(): Promise<void> {
    // Two hosts that have the same port take it from each other for ever.
    const plugged = new Set(this.#plugged.map((machine) => machine.port));
    const port = this.#random.pick(this.#ports().filter((id) => !plugged.has(id)));
    const host = this.#random.pick(this.#hosts);
    if (port === undefined || host === undefined) return;
    const name = `m${this.#count++}`;
    const type = ['--', 'set', 'interface', name, 'type=internal', `external-ids:iface-id=${port}`];
    await host.vsctl('--no-wait', 'add-port', 'br-int', name, ...type);
    this.#plugged.push({ port, host, name });
  }

  async #pull(): Promise<void> {
    const [machine] = this.#plugged.splice(this.#random.below(this.#plugged.length || 1), 1);
    if (machine !== undefined) await machine.host.vsctl('--no-wait', 'del-port', 'br-int', machine.name);
  }
}
