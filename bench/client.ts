import { Agent, request } from 'node:http';

/** Requests to the API over kept connections, as a client outside of the process makes them. */
export interface Client extends Disposable {
  /** The parsed body of the answer. Throws when its status is no 2xx. */
  send(method: string, path: string, body?: object): Promise<Answer>;
  /** Get an answer to its last byte; what is made of it is the client's time, not the service's. Throws when its status is no 2xx. */
  read(path: string): Promise<Buffer>;
}

/** An answer's body; members are read by the benchmark that knows what it asked for. */
export type Answer = { readonly [key: string]: unknown };

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null;

/** @param url base of the API, `http://127.0.0.1:9696` */
export const createClient = (url: string): Client => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const receive = (method: string, path: string, body?: object): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        'X-Auth-Token': 'benchmark',
        ...(text === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
      };
      const outgoing = request(`${url}${path}`, { method, agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const received = Buffer.concat(chunks);
          const status = incoming.statusCode ?? 0;
          if (status >= 200 && status <= 299) resolve(received);
          else reject(new Error(`${method} ${path}: ${status} ${received}`));
        });
      });
      outgoing.once('error', reject);
      outgoing.end(text);
    });
  return {
    async send(method, path, body) {
      const received = await receive(method, path, body);
      const parsed: unknown = received.length === 0 ? {} : JSON.parse(received.toString());
      return isAnswer(parsed) ? parsed : {};
    },
    read: (path) => receive('GET', path),
    [Symbol.dispose]: () => agent.destroy(),
  };
};

const member = (answer: Answer, key: string): Answer => {
  const value = answer[key];
  if (!isAnswer(value)) throw new Error(`the answer has no ${key}`);
  return value;
};

/** Id of the resource in `{ [name]: { id } }`. */
export const idIn = (answer: Answer, name: string): string => String(member(answer, name).id);

/** Ids of the resources in `{ [collection]: [{ id }] }`. */
export const idsIn = (answer: Answer, collection: string): readonly string[] => {
  const list = answer[collection];
  if (!Array.isArray(list)) throw new Error(`the answer has no ${collection}`);
  return list.filter(isAnswer).map((each) => String(each.id));
};
