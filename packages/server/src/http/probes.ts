import type { FastifyInstance } from 'fastify';

/** How one part of the service is. */
export interface PartState {
  readonly ok: boolean;
  /** For people: what is wrong, since when. */
  readonly detail: string;
}

/** A part that the probes ask about. */
export interface Part {
  /** Whether no request can be answered without it. */
  readonly needed: boolean;
  state(): Promise<PartState> | PartState;
}

export type Parts = { readonly [name: string]: Part };

/** What the probes tell of besides the parts. */
export interface Presence {
  /** True from the moment that the service was told to stop. */
  readonly leaving: boolean;
}

/** A probe that hangs is a probe that fails. Milliseconds. */
const PATIENCE = 2_000;

const bounded = async (part: Part): Promise<PartState> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, { ok: false, detail: `no answer in ${PATIENCE} ms` });
  });
  try {
    return await Promise.race([part.state(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
};

const statesOf = async (parts: Parts): Promise<readonly (readonly [string, Part, PartState])[]> =>
  Promise.all(Object.entries(parts).map(async ([name, part]) => [name, part, await bounded(part)] as const));

/**
 * - `GET /livez`: 200 while the process can answer at all.
 * - `GET /readyz`: 200 while requests can be carried out, 503 when a part that they need is away or the service is about
 *   to stop; the body names every part and how it is, whether it is needed or not.
 * - `GET /healthcheck`: 200 `OK` or 503, for load balancers that know the reference.
 */
export const probeRoutes = (app: FastifyInstance, parts: Parts, presence: Presence): void => {
  app.get('/livez', async (_request, reply) => reply.type('text/plain').send('OK'));
  app.get('/readyz', async (_request, reply) => {
    const states = await statesOf(parts);
    const ready = !presence.leaving && states.every(([, { needed }, { ok }]) => ok || !needed);
    const status = presence.leaving ? 'stopping' : ready ? 'ready' : 'not ready';
    return reply.code(ready ? 200 : 503).send({
      status,
      parts: Object.fromEntries(
        states.map(([name, { needed }, { ok, detail }]) => [name, { ok, needed, detail }]),
      ),
    });
  });
  app.get('/healthcheck', async (_request, reply) => {
    const states = await statesOf(parts);
    const failed = states.filter(([, { needed }, { ok }]) => needed && !ok).map(([name]) => name);
    reply.type('text/plain');
    return failed.length === 0 ? 'OK' : reply.code(503).send(`failed: ${failed.join(', ')}`);
  });
};
