import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { NovaEvent } from '../../packages/server/src/drivers/mech/nova/events.ts';

/** What an endpoint answers: a status, and a code for each event where they differ. */
export interface NovaAnswer {
  readonly status: number;
  readonly codes?: readonly number[];
}

/** One request as it came. */
export interface Told {
  readonly token: string | undefined;
  readonly events: readonly NovaEvent[];
}

/** An HTTP server in the place of Nova's `os-server-external-events`. */
export interface NovaEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly told: readonly Told[];
  /** Events that were answered with success, as `name port`. */
  accepted(): readonly string[];
  /** The next answers; afterwards everything is fine. */
  answer(...answers: readonly NovaAnswer[]): void;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

/** PEM. */
interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * @param port of an endpoint that was there before; default: any free one
 * @param tls by which certificate it answers; none: in the clear
 */
export const startNovaEndpoint = async (port = 0, tls?: Certificate): Promise<NovaEndpoint> => {
  const told: Told[] = [];
  const accepted: string[] = [];
  const answers: NovaAnswer[] = [];
  const answer: RequestListener = async (request, response) => {
    const { events }: { events: NovaEvent[] } = JSON.parse(await bodyOf(request));
    told.push({ token: request.headers['x-auth-token']?.toString(), events });
    const { status, codes } = answers.shift() ?? { status: 200 };
    const results = events.map((event, at) => ({ ...event, code: codes?.[at] ?? 200 }));
    if (status < 300)
      accepted.push(...results.filter(({ code }) => code === 200).map(({ name, tag }) => `${name} ${tag}`));
    response.writeHead(request.url === '/v2.1/os-server-external-events' ? status : 404);
    response.end(JSON.stringify({ events: results }));
  };
  const server = tls === undefined ? createServer(answer) : createSecureServer({ ...tls }, answer);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound }: AddressInfo = Object(server.address());
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}/v2.1`,
    told,
    accepted: () => accepted,
    answer: (...given) => void answers.push(...given),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
