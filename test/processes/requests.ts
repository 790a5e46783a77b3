import assert from 'node:assert/strict';

export type Body = { readonly [name: string]: unknown };

/** Answers of a load: how many of each status, and the error bodies of those that no load should see. */
export class Answers {
  readonly statuses = new Map<number, number>();
  readonly failures: string[] = [];

  note(method: string, url: string, status: number, text: string): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status >= 400) this.failures.push(`${method} ${url}: ${status} ${text}`);
  }
}

/** A client that sends each request to the next of several members. */
export class SpreadClient {
  readonly answers: Answers;
  readonly #urls: () => readonly string[];
  #next = 0;

  constructor(urls: () => readonly string[], answers: Answers, first = 0) {
    this.#urls = urls;
    this.answers = answers;
    this.#next = first;
  }

  async send(method: string, path: string, body?: Body): Promise<Body> {
    const urls = this.#urls();
    const base = urls[this.#next++ % urls.length];
    assert.ok(base);
    const response = await fetch(`${base}/v2.0/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const text = await response.text();
    this.answers.note(method, path, response.status, text);
    return text === '' ? {} : JSON.parse(text);
  }

  /** Create and give the member of the answer's body; undefined when it was refused. */
  async create(collection: string, name: string, body: Body): Promise<Body | undefined> {
    const answer = await this.send('POST', collection, { [name]: body });
    const made = answer[name];
    return typeof made === 'object' && made !== null ? { ...made } : undefined;
  }
}
