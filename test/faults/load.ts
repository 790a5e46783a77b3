import { port } from '@ovenbird/api';
import type { Service } from './service.ts';

/** What became of the ports of a load: promised to be there, promised to be gone; in neither set, nothing was promised. */
export interface Promises {
  readonly there: Set<string>;
  readonly gone: Set<string>;
  /** Status of every answer, counted; 0: the connection broke. */
  readonly statuses: Map<number, number>;
}

/** Create ports and delete every third of them, from `workers` clients at once, until `stop` aborts. */
export async function loadPorts(
  service: Service,
  networkId: string,
  stop: AbortSignal,
  workers = 8,
): Promise<Promises> {
  const promises: Promises = { there: new Set(), gone: new Set(), statuses: new Map() };
  const count = (status: number): void => {
    promises.statuses.set(status, (promises.statuses.get(status) ?? 0) + 1);
  };
  const work = async (): Promise<void> => {
    for (let turn = 1; !stop.aborted; turn++) {
      const made = await service.create(port, { network_id: networkId, name: `load-${turn}` });
      count(made.status);
      if (made.status === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      if (made.status !== 201 || made.id === undefined) continue;
      promises.there.add(made.id);
      if (turn % 3 !== 0) continue;
      promises.there.delete(made.id);
      const status = await service.remove(port, made.id);
      count(status);
      if (status === 204) promises.gone.add(made.id);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return promises;
}
