import type { Fault, Injector } from './injector.ts';
import { layGround } from './operations/ground.ts';
import { Api, type Ground, type Operation, type Prepared } from './operations/kit.ts';
import type { Answer } from './service.ts';
import { type Dump, healed, type World } from './world.ts';

/** One point of one operation with one fault. */
export interface Case {
  readonly operation: Operation;
  readonly injector: Injector;
  readonly fault: Fault;
  readonly nth: number;
}

export interface Finding {
  readonly where: string;
  readonly what: string;
}

/** What an answer says that does not mean that nothing has happened. */
const OPEN = /not known whether|was made, but/;

const describeCase = ({ operation, injector, fault, nth }: Case): string =>
  `${operation.name}: ${fault.kind} at ${injector.place} ${nth}`;

const differences = (before: Dump, after: Dump): readonly string[] =>
  [...after].flatMap(([table, rows]) => {
    const old = new Set(before.get(table)?.split('\n'));
    const now = new Set(rows.split('\n'));
    return [
      ...[...old.difference(now)].map((row) => `- ${table} ${row}`),
      ...[...now.difference(old)].map((row) => `+ ${table} ${row}`),
    ].filter((line) => !/^[-+] \w+ $/.test(line));
  });

/** Columns that count how often or when something about an object changed. */
const COUNTERS = /"(revision_number|updated_at)":("[^"]*"|\d+),?/g;

const withoutCounters = (dump: Dump): Dump =>
  new Map([...dump].map(([table, rows]) => [table, rows.replaceAll(COUNTERS, '')]));

const whole = async (prepared: Prepared, afterwards: boolean): Promise<boolean> =>
  (await prepared.whole?.(afterwards)) ?? true;

const halves = (prepared: Prepared) => async (): Promise<readonly string[]> =>
  (await whole(prepared, true)) ? [] : ['it stays by halves'];

/** Run an operation with nothing broken. Out: what was not as it should be. */
const rehearse = async (
  api: Api,
  ground: Ground,
  operation: Operation,
  serial: number,
): Promise<readonly string[]> => {
  const prepared = await operation.prepare(api, ground, serial);
  const before = await prepared.done();
  const { status, body } = await prepared.ask();
  const after = (await prepared.done()) && (await whole(prepared, false));
  await prepared.clean();
  if (!before && after && status >= 200 && status < 300) return [];
  return [`${operation.name}: ${status} ${JSON.stringify(body)}, done ${before} and then ${after}`];
};

/** Runs cases one after the other in a world and keeps what was not as promised. */
export class Enumeration {
  readonly findings: Finding[] = [];
  /** Answers of cases that were hit, by fault and status. */
  readonly answers = new Map<string, number>();
  hit = 0;
  readonly #world: World;
  readonly #api: Api;
  readonly #ground: Ground;
  readonly #base: Dump;
  readonly #open: Prepared[] = [];
  #serial: number;

  private constructor(world: World, api: Api, ground: Ground, base: Dump, serial: number) {
    this.#world = world;
    this.#api = api;
    this.#ground = ground;
    this.#base = base;
    this.#serial = serial;
  }

  /** Lay the ground, and see that each of these operations does what it says when nothing fails. */
  static async begin(world: World, operations: readonly Operation[]): Promise<Enumeration> {
    const api = new Api(world.service.ask);
    const ground = await layGround(api);
    const found: string[] = [];
    for (const [serial, operation] of operations.entries())
      found.push(...(await rehearse(api, ground, operation, serial)));
    found.push(...(await world.broken()));
    if (found.length > 0) throw new Error(`without a fault:\n${found.join('\n')}`);
    const base = withoutCounters(await world.dump());
    return new Enumeration(world, api, ground, base, operations.length);
  }

  /** Run a case. Out: whether its point was reached. What it made stays until {@link settle}. */
  async run(one: Case): Promise<boolean> {
    const where = describeCase(one);
    try {
      return await this.#run(one, where);
    } catch (error) {
      one.injector.disarm();
      this.#note(where, `it could not be gone on: ${error instanceof Error ? error.stack : error}`);
      await this.#world.service.revive();
      return false;
    }
  }

  async #run({ operation, injector, fault, nth }: Case, where: string): Promise<boolean> {
    const { service } = this.#world;
    this.#serial += 1;
    const prepared = await operation.prepare(this.#api, this.#ground, this.#serial);
    this.#open.push(prepared);
    const before = await this.#world.dump();
    injector.arm(fault, nth);
    const answer = await prepared.ask();
    // What follows an answer may have met the point a moment ago.
    const reached = injector.disarm() || (fault.crash && !(await service.answers()));
    if (reached) {
      this.hit += 1;
      const key = `${injector.place}, ${fault.kind}: ${answer.status}`;
      this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
    }
    if (fault.crash && reached) await service.ended();
    if (!fault.crash && !service.running) this.#note(where, 'the service ended');
    await service.revive();
    await this.#judge(where, answer, prepared, before);
    if (answer.status === 0 && (await prepared.done()))
      this.#note(where, ...(await healed(halves(prepared))));
    // Without a connection the next case would not get as far as its point.
    if (injector.place === 'northbound' && fault.kind.startsWith('cut'))
      this.#note(where, ...(await this.#world.drifting()));
    return reached;
  }

  /** Wait until everything has healed, remove what the cases since the last time made, and see that nothing is left. */
  async settle(where: string): Promise<void> {
    this.#note(where, ...(await this.#world.broken()));
    try {
      for (const prepared of this.#open.splice(0)) await prepared.clean();
    } catch (error) {
      this.#note(where, `it could not be removed: ${error}`);
    }
    this.#note(where, ...(await this.#world.broken()));
    this.#note(where, ...differences(this.#base, withoutCounters(await this.#world.dump())));
  }

  /** Whether the answer is honest. */
  async #judge(where: string, answer: Answer, prepared: Prepared, before: Dump): Promise<void> {
    const said = `${answer.status} ${JSON.stringify(answer.body)}`.slice(0, 200);
    const done = await prepared.done();
    if (answer.status >= 200 && answer.status < 300) {
      if (!done || !(await whole(prepared, false))) this.#note(where, `answered ${said}, and it is not so`);
      return;
    }
    const changed = differences(before, await this.#world.dump());
    const open = answer.status === 0 || OPEN.test(said);
    if (changed.length === 0 || (open && done)) return;
    this.#note(where, `answered ${said}, and this changed:\n${changed.join('\n')}`);
  }

  #note(where: string, ...all: readonly string[]): void {
    for (const what of all) this.findings.push({ where, what });
  }
}
