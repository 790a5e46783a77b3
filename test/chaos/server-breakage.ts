import { readFile } from 'node:fs/promises';
import type { OvsdbServerProcess, TestCluster } from '@ovenbird/ovsdb/testing';
import { type Random, stayBroken } from './random.ts';

export interface ClusterPart {
  readonly name: 'northbound' | 'southbound';
  readonly cluster: TestCluster;
  readonly schemaFile: string;
  /** Tell those who remember the cluster's past that it has begun anew: OVN's own programs wait for the old one. */
  forget(): Promise<void>;
}

/** What can happen to a cluster of database servers: what it is called, and how often it is chosen. */
const KINDS = {
  'server killed': 6,
  'server paused': 6,
  'leadership transferred': 5,
  'database compacted': 4,
  'schema converted': 2,
  'server replaced by an empty one': 2,
  'database lost, started empty': 1,
} as const;
type Kind = keyof typeof KINDS;

const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name);
const chosenAs = Object.keys(KINDS)
  .filter(isKind)
  .flatMap((kind) => Array.from({ length: KINDS[kind] }, () => kind));

/** Breaks one cluster in one way after the other, and mends it. */
export class ServerBreakage {
  readonly #part: ClusterPart;
  readonly #random: Random;
  readonly #note: (what: string) => void;
  #version = 0;

  constructor(part: ClusterPart, random: Random, note: (what: string) => void) {
    this.#part = part;
    this.#random = random;
    this.#note = note;
  }

  /** Resolves when everything works again. */
  async breakOne(): Promise<void> {
    const { cluster, name } = this.#part;
    const leader = await cluster.leader().catch(() => undefined);
    const server = this.#random.below(2) === 0 ? leader : this.#random.pick(cluster.servers);
    const kind = this.#random.pick(chosenAs);
    if (server === undefined || kind === undefined) return;
    this.#note(`${name} ${kind}`);
    await this.#ways[kind](server);
  }

  readonly #ways: { readonly [kind in Kind]: (server: OvsdbServerProcess) => Promise<void> } = {
    'server killed': async (server) => {
      await server.kill();
      await stayBroken(this.#random);
      await server.start();
    },
    'server paused': async (server) => {
      server.pause();
      await stayBroken(this.#random);
      server.resume();
    },
    // Refused by a server that does not lead.
    'leadership transferred': async (server) => {
      await server.control('cluster/failure-test', 'transfer-leadership').catch(() => {});
    },
    'database compacted': async (server) => {
      await server.control('ovsdb-server/compact').catch(() => {});
    },
    'schema converted': () => this.#convert(),
    'server replaced by an empty one': (server) => this.#part.cluster.replace(server),
    'database lost, started empty': async () => {
      await this.#part.cluster.empty();
      await this.#part.forget();
    },
  };

  /** To the same tables under another version, which is new to every client. */
  async #convert(): Promise<void> {
    this.#version += 1;
    const schema = await readFile(this.#part.schemaFile, 'utf8');
    const next = schema.replace(/"version": "(\d+\.\d+)\.\d+"/, `"version": "$1.${this.#version + 100}"`);
    // Not answered when the leader changes meanwhile; it is then done or not done, and both are sound.
    await this.#part.cluster
      .convert(next)
      .catch(() => this.#note(`${this.#part.name} conversion not answered`));
  }
}
