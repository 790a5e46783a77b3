import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plain,
} from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';

/** A whole answer of another service. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; undefined when it is not JSON. */
  readonly body: unknown;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** Sent as JSON. */
  readonly body?: object;
}

/** Asks HTTP services over connections that it keeps. Disposing closes these, and ends what is under way with an Error. */
export interface JsonClient extends Disposable {
  /** Throws an Error when there is no whole answer in time. Redirects are not followed. */
  send(request: JsonRequest): Promise<JsonAnswer>;
}

export interface JsonClientOptions {
  /** Certificates to trust instead of the system's, PEM. */
  readonly ca?: string | undefined;
  /** The one certificate to believe instead, PEM, whatever name it is for. */
  readonly only?: string | undefined;
  /** For a whole answer. */
  readonly timeoutMs: number;
}

/** Octets of the longest answer that is read. */
const longest = 1 << 20;
/** Connections kept to one service. */
const maxSockets = 50;

const textOf = async (answer: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer) {
    pieces.push(piece);
    length += piece.length;
    if (length > longest) throw new Error('the answer is too long');
  }
  return Buffer.concat(pieces).toString();
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A client with connections and trusted certificates of its own. */
export const createJsonClient = ({ ca, only, timeoutMs }: JsonClientOptions): JsonClient => {
  const plainAgent = new PlainAgent({ keepAlive: true, maxSockets });
  const secureAgent = new SecureAgent({
    keepAlive: true,
    maxSockets,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
    ...(only === undefined
      ? {}
      : { ca: only, allowPartialTrustChain: true, checkServerIdentity: () => undefined }),
  });
  let closed = false;
  const ask = ({ method, url, headers, body }: JsonRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const options = { method, headers: { 'content-type': 'application/json', ...headers } };
      const signal = AbortSignal.timeout(timeoutMs);
      const request =
        url.protocol === 'https:'
          ? secure(url, { ...options, signal, agent: secureAgent })
          : plain(url, { ...options, signal, agent: plainAgent });
      request.once('response', resolve).once('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    async send(request) {
      if (closed) throw new Error('no more is asked');
      const answer = await ask(request);
      const text = await textOf(answer);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: parsed(text) };
    },
    [Symbol.dispose]() {
      closed = true;
      plainAgent.destroy();
      secureAgent.destroy();
    },
  };
};
