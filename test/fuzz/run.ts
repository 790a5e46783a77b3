import type { FastifyInstance } from 'fastify';
import { MARKUP } from './dictionary.ts';
import { createRandom } from './random.ts';
import { type FuzzRequest, Requests } from './requests.ts';
import { seeds } from './seeds.ts';
import type { Ids } from './values.ts';
import { type Watch, watching } from './watch.ts';

export interface FuzzOptions {
  readonly http: FastifyInstance;
  /** Tokens of those who ask; the first one is an administrator's. */
  readonly tokens: readonly string[];
  /** The database file, to see whether requests that fail change anything; undefined: not looked at. */
  readonly file: string | undefined;
  readonly requests: number;
  readonly seed: number;
  progress?(done: number): void;
}

export interface Finding {
  /** Which request it was, from 0: the same seed makes the same requests. */
  readonly number: number;
  readonly what: string;
  readonly request: FuzzRequest;
  readonly status: number;
  readonly body: string;
}

export interface FuzzReport {
  readonly findings: readonly Finding[];
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Milliseconds of the slowest answer. */
  readonly slowest: number;
}

/** Milliseconds after which an answer counts as hanging. */
const PATIENCE = 2_000;
/** What the reference tells with 5xx and clients read so: no host can bind a port, all segments are taken. */
const DELIBERATE = /"type":"(PortBindingError|NoNetworkAvailable)"/;
/** Reading it makes it: the reference's way. */
const MADE_BY_READING = /^auto-allocated-topology\//;
/** Likewise the default group of a project, where an administrator asks about it. */
const MADE_FOR_ADMIN = /^security-group(s|-rules)\?(.*&)?(project|tenant)_id=/;
/** Requests after which some of everything is made anew. */
const SEASON = 300;
/** Objects of a kind that are kept. */
const KEPT = 12;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: object;
  readonly took: number;
}

const mayChange = ({ method, path }: FuzzRequest, byAdmin: boolean): boolean =>
  method !== 'GET' || MADE_BY_READING.test(path) || (byAdmin && MADE_FOR_ADMIN.test(path));

/** What is wrong with an answer. */
const faultsOf = (
  request: FuzzRequest,
  { status, body, headers, took }: Answer,
  { watch, byAdmin }: { readonly watch: Watch; readonly byAdmin: boolean },
): readonly string[] => {
  const faults: string[] = [];
  if (status >= 500 && !DELIBERATE.test(body)) faults.push('a fault of the service');
  if (took > PATIENCE) faults.push(`an answer after ${Math.round(took)} ms`);
  if (status >= 400 && body.includes(MARKUP)) faults.push('markup that was sent is in the answer');
  if (!(status < 400 && mayChange(request, byAdmin)) && watch.changed()) faults.push('a change');
  if ('x-injected' in headers) faults.push('a header that was sent as data');
  if (body !== '' && !/^[[{]/.test(body)) faults.push('an answer that is no JSON');
  return faults;
};

const idsIn = (text: string): readonly string[] =>
  Object.values(JSON.parse(text))
    .flat()
    .flatMap((one) => {
      const id: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'id') : undefined;
      return typeof id === 'string' ? [id] : [];
    });

const plain = (method: string, path: string): FuzzRequest => ({
  method,
  path,
  body: undefined,
  headers: {},
  makes: undefined,
});

/** Ask as told, one request after the other, and judge every answer. */
export const fuzz = async (options: FuzzOptions): Promise<FuzzReport> => {
  const random = createRandom(options.seed);
  const ids: Ids = new Map();
  const requests = new Requests(random, ids);
  const statuses = new Map<number, number>();
  const findings: Finding[] = [];
  let slowest = 0;
  using watch = watching(options.file);
  const ask = async ({ method, path, body, headers }: FuzzRequest, token: string): Promise<Answer> => {
    const started = performance.now();
    const response = await options.http.inject({
      method: method as 'GET',
      url: `/v2.0/${path}`,
      headers: {
        'x-auth-token': token,
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return {
      status: response.statusCode,
      body: response.body,
      headers: response.headers,
      took: performance.now() - started,
    };
  };
  const [admin = ''] = options.tokens;
  for (const token of options.tokens) await ask(plain('GET', 'security-groups'), token);
  const keep = async (kind: string, id: string, place: string): Promise<void> => {
    const old = requests.remember(kind, id, place, KEPT);
    if (old !== undefined && (await ask(plain('DELETE', old), admin)).status === 204)
      requests.forget(old.split('/').at(-1) ?? '');
  };
  const sow = async (): Promise<void> => {
    const made: Record<string, string> = {};
    for (const { name, kind, place, body } of seeds) {
      const text = JSON.stringify({ [kind]: body(made) });
      const answer = await ask({ ...plain('POST', place(made)), body: text }, admin);
      if (answer.status !== 201) continue;
      made[name] = idsIn(answer.body)[0] ?? '';
      await keep(kind, made[name], place(made));
    }
  };
  for (let number = 0; number < options.requests; number += 1) {
    if (number % SEASON === 0) await sow();
    const request = requests.next();
    watch.remember();
    const token = random.chance(0.75) ? admin : random.pick(options.tokens);
    const answer = await ask(request, token);
    slowest = Math.max(slowest, answer.took);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    for (const what of faultsOf(request, answer, { watch, byAdmin: token === admin }))
      findings.push({ number, what, request, status: answer.status, body: answer.body.slice(0, 500) });
    if (answer.status === 201 && request.makes !== undefined)
      for (const id of idsIn(answer.body)) await keep(request.makes, id, request.path);
    if (answer.status === 204) requests.forget(request.path.split('/').at(-1) ?? '');
    options.progress?.(number + 1);
  }
  return { findings, statuses, slowest };
};
