import cluster, { type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** How long the workers' figures may take. Milliseconds; prom-client itself gives up after 5 s. */
const PATIENCE_MS = 6_000;

/** A worker's question to the first process, and the answer: without `text` when not all workers gave theirs. */
interface Message {
  readonly type: 'ovenbird:ask-figures' | 'ovenbird:figures';
  readonly id: string;
  readonly text?: string | undefined;
}

const isMessage = (type: Message['type'], value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === type;

async function askPrimary(): Promise<string | undefined> {
  const id = randomUUID();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const listen = (message: unknown): void => {
    if (isMessage('ovenbird:figures', message) && message.id === id) resolve(message.text);
  };
  const impatience = new AbortController();
  process.on('message', listen);
  try {
    process.send?.({ type: 'ovenbird:ask-figures', id } satisfies Message);
    const late = sleep(PATIENCE_MS, undefined, { signal: impatience.signal }).catch(() => undefined);
    return await Promise.race([promise, late]);
  } finally {
    impatience.abort();
    process.off('message', listen);
  }
}

/**
 * How to read the figures of a service: those of `registry`, or, in a worker of `ovenbird serve --workers`, those of all
 * workers in one, put together as each figure's `aggregator` says. In Prometheus' text form; undefined when a worker did
 * not give its own in time, for instance because it just died.
 */
export const figuresReader = (registry: Registry): (() => Promise<string | undefined>) => {
  if (!cluster.isWorker) return () => registry.metrics();
  AggregatorRegistry.setRegistries(registry);
  // Making one is what lets this worker answer the primary.
  new AggregatorRegistry();
  return askPrimary;
};

/** In the first process: put the workers' figures together for any worker that asks, until disposed of. */
export const gatherFigures = (): Disposable => {
  const registry = new AggregatorRegistry();
  const listen = async (worker: Worker, message: unknown): Promise<void> => {
    if (!isMessage('ovenbird:ask-figures', message)) return;
    const text = await registry.clusterMetrics().catch(() => undefined);
    if (worker.isConnected())
      worker.send({ type: 'ovenbird:figures', id: message.id, text } satisfies Message);
  };
  const onMessage = (worker: Worker, message: unknown): void => void listen(worker, message);
  cluster.on('message', onMessage);
  return { [Symbol.dispose]: () => void cluster.off('message', onMessage) };
};
