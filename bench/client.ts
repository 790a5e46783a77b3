import { Connection } from './connection.ts';

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
  const { host, hostname, port } = new URL(url);
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  const headOf = (method: string, path: string): string =>
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Token: benchmark\r\n`;
  const opened = async (): Promise<Connection> => {
    const connection = await Connection.open(hostname, Number(port));
    all.add(connection);
    return connection;
  };
  const receive = async (method: string, path: string, body?: object): Promise<Buffer> => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const content =
      body === undefined
        ? ''
        : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
    let connection = idle.pop();
    // The service may have closed one that was idle for long, or been started anew.
    while (connection !== undefined && !connection.open) connection = idle.pop();
    connection ??= await opened();
    const received = await connection.exchange(`${headOf(method, path)}${content}\r\n${text}`);
    idle.push(connection);
    if (received.status >= 200 && received.status <= 299) return received.body;
    throw new Error(`${method} ${path}: ${received.status} ${received.body}`);
  };
  return {
    async send(method, path, body) {
      const received = await receive(method, path, body);
      const parsed: unknown = received.length === 0 ? {} : JSON.parse(received.toString());
      return isAnswer(parsed) ? parsed : {};
    },
    read: (path) => receive('GET', path),
    [Symbol.dispose]: () => {
      for (const connection of all) connection[Symbol.dispose]();
    },
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
