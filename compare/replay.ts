import { compareNorthbound } from './compare-rows.ts';
import { type Difference, differencesOf } from './difference.ts';
import { filled } from './fill.ts';
import { isArray, isObject, type Json, jsonOf } from './json.ts';
import { Masks } from './masks.ts';
import type { Both, SideName, Sides } from './sides.ts';
import { keyOfPath, type Scenario, type Step } from './step.ts';

interface Answered {
  readonly status: number;
  readonly body: Json;
}

const takingBack = 'taking back: ';

const sideNames = ['reference', 'ovenbird'] as const;

/** Collections in which the services make objects of their own; how to list them. */
const collections = ['ports', 'security-groups', 'security-group-rules', 'subnets', 'segments'];

/** What is said about errors: their text is each service's own. */
const comparable = (body: Json): Json => {
  const error = isObject(body) ? body.NeutronError : undefined;
  return isObject(error) ? { NeutronError: { type: error.type ?? null } } : body;
};

const bodyOf = (body: Json, path: string): readonly [name: string, body: Json] => {
  const [only, ...more] = isObject(body) ? Object.entries(body) : [];
  return only === undefined || more.length > 0 ? [keyOfPath(path), body] : [only[0], only[1]];
};

/** Sends the steps of one scenario to both sides and notes where the answers differ. */
export class Replay {
  readonly masks = new Masks();
  readonly differences: Difference[] = [];
  readonly #scenario: Scenario;
  readonly #sides: Sides;
  /** What steps made, by name. */
  readonly #made = new Map<string, Both<Json>>();
  readonly #undo: Step[] = [];

  constructor(scenario: Scenario, sides: Sides) {
    this.#scenario = scenario;
    this.#sides = sides;
    for (const project of ['admin', 'demo'] as const) {
      const id = (side: SideName): string => sides[side].projects[project];
      this.masks.learn(project, { reference: id('reference'), ovenbird: id('ovenbird') });
      this.#made.set(project, { reference: { id: id('reference') }, ovenbird: { id: id('ovenbird') } });
    }
  }

  /** Run every step, then look at what there is, then take it all back. */
  async run(): Promise<readonly Difference[]> {
    // The first list makes a project's default group, which either service would make at some time.
    for (const as of ['admin', 'demo'] as const)
      await this.#step({ name: `groups of ${as}`, as, method: 'GET', path: 'security-groups' });
    for (const step of this.#scenario.steps) await this.#step(step);
    await Promise.all(sideNames.map((side) => this.#sides[side].ovn.central.sync()));
    await this.#learnRest();
    for (const step of this.#scenario.steps)
      if (step.method === 'POST' && step.undo !== undefined)
        await this.#step({ as: 'admin', method: 'GET', path: step.undo.path }, 'in the end: ');
    this.differences.push(...(await compareNorthbound(this.#scenario.name, this.#sides, this.masks)));
    for (const step of this.#undo.toReversed()) await this.#step(step, takingBack);
    const left = `${this.#scenario.name}, taken back`;
    this.differences.push(...(await compareNorthbound(left, this.#sides, this.masks)));
    return this.differences;
  }

  #note(subject: string, found: Omit<Difference, 'scenario' | 'subject'>): void {
    this.differences.push({ scenario: this.#scenario.name, subject, ...found });
  }

  async #step(step: Step, prefix = ''): Promise<void> {
    const told = step.label ?? step.name;
    const subject = `${prefix}${step.method} ${step.path}${told === undefined ? '' : ` (${told})`}`;
    const requests = { reference: this.#filled('reference', step), ovenbird: this.#filled('ovenbird', step) };
    if (requests.reference === undefined || requests.ovenbird === undefined) {
      if (prefix === '') this.#note(subject, { place: 'not asked', reference: 'what it names is missing' });
      return;
    }
    const [reference, ovenbird] = await Promise.all([
      this.#ask('reference', step, requests.reference),
      this.#ask('ovenbird', step, requests.ovenbird),
    ]);
    const { name, undo } = step;
    const made = reference.status < 300 || ovenbird.status < 300;
    if (made && undo !== undefined) this.#undo.push(undo);
    if (undo === undefined) await this.#forget(step, { reference, ovenbird });
    if (prefix === takingBack && reference.status >= 400 && reference.status !== 404)
      this.#note(subject, { place: 'not taken back', reference: comparable(reference.body) });
    const bodies = {
      reference: bodyOf(reference.body, step.path)[1],
      ovenbird: bodyOf(ovenbird.body, step.path)[1],
    };
    if (name !== undefined && reference.status < 300 && ovenbird.status < 300) {
      this.masks.learnFrom(name, bodies);
      this.#made.set(name, bodies);
    }
    if (reference.status !== ovenbird.status) {
      const place = `status/${step.method}/${keyOfPath(step.path.replace(/\/\{.*/, ''))}`;
      const told = ({ status, body }: Answered): Json =>
        status < 300 ? status : `${status} ${JSON.stringify(body)}`;
      this.#note(subject, { place, reference: told(reference), ovenbird: told(ovenbird) });
      return;
    }
    this.#compareBodies(subject, step.path, reference.body, ovenbird.body);
  }

  /** Delete what a request made that nobody expected to make anything. */
  async #forget(step: Step, answers: Both<Answered>): Promise<void> {
    for (const side of sideNames) {
      const { status, body } = answers[side];
      const made = bodyOf(body, step.path)[1];
      if (step.method !== 'POST' || status >= 300 || !isObject(made) || typeof made.id !== 'string') continue;
      const path = `${this.#filled(side, step)?.path}/${made.id}`;
      await this.#ask(side, { as: 'admin', method: 'DELETE', path }, { path, body: null });
    }
  }

  #compareBodies(subject: string, path: string, reference: Json, ovenbird: Json): void {
    const [kind] = bodyOf(reference, path);
    const told = (body: Json): Json => bodyOf(comparable(body), path)[1];
    const both = this.masks.both({ reference: told(reference), ovenbird: told(ovenbird) });
    const found = differencesOf(`answer/${kind}`, both.reference, both.ovenbird);
    for (const each of found) this.#note(subject, each);
  }

  /** A step with its placeholders filled for a side; undefined when one of them stands for nothing there. */
  #filled(side: SideName, step: Step): { readonly path: string; readonly body: Json } | undefined {
    const made = new Map([...this.#made].map(([name, both]) => [name, both[side]]));
    const path = filled(step.path, made);
    const body = filled(step.body ?? null, made);
    return typeof path === 'string' && body !== undefined ? { path, body } : undefined;
  }

  async #ask(side: SideName, step: Step, request: { readonly path: string; readonly body: Json }) {
    const body = step.body === undefined ? undefined : request.body;
    const answer = await this.#sides[side].ask(step.as, step.method, `/v2.0/${request.path}`, body);
    return { status: answer.status, body: jsonOf(answer.body) };
  }

  /** Learn the names of what the services made by themselves (metadata ports, default groups …). */
  async #learnRest(): Promise<void> {
    for (const collection of collections) {
      const step: Step = { as: 'admin', method: 'GET', path: collection };
      const request = { path: collection, body: null };
      const [reference, ovenbird] = await Promise.all(
        sideNames.map((side) => this.#ask(side, step, request)),
      );
      if (reference?.status !== 200 || ovenbird?.status !== 200) continue;
      this.masks.learnFrom(collection, {
        reference: bodyOf(reference.body, collection)[1],
        ovenbird: bodyOf(ovenbird.body, collection)[1],
      });
      // What steps made is read one by one.
      const own = (side: SideName, body: Json): Json => {
        const list = bodyOf(body, collection)[1];
        const named = (each: Json): boolean =>
          isObject(each) && !String(this.masks.value(side, each.id ?? null)).startsWith(`{${collection}[`);
        return { [collection]: isArray(list) ? list.filter((each) => !named(each)) : list };
      };
      const theirs = own('reference', reference.body);
      const ours = own('ovenbird', ovenbird.body);
      this.#compareBodies(`in the end: GET ${collection}`, collection, theirs, ours);
    }
  }
}
