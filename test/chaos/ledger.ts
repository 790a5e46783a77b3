/** Collections whose objects go only when somebody deletes them, and the tables that hold them. */
const tables = {
  networks: 'networks',
  'security-groups': 'security_groups',
  'address-groups': 'address_groups',
  trunks: 'trunks',
  'qos/policies': 'qos_policies',
  routers: 'routers',
  floatingips: 'floating_ips',
} as const;

type Collection = keyof typeof tables;

const isCollection = (name: string): name is Collection => Object.hasOwn(tables, name);

/** Tables of which answers tell the revision; ports and subnets may go with others. */
const revised: { readonly [collection: string]: string } = { ...tables, ports: 'ports', subnets: 'subnets' };

/** What an answer says of the object that was made or changed. */
export interface Told {
  readonly id?: string;
  readonly revision_number?: number;
}

/** What clients were promised: objects that must be there, and objects that must be gone. Of others nothing is known. */
export class Ledger {
  readonly #there = new Map<Collection, Set<string>>();
  readonly #gone = new Map<Collection, Set<string>>();
  /** The highest revision that was answered, by table and id. */
  readonly #revisions = new Map<string, Map<string, number>>();
  /** Answers by status; 0: none came. */
  readonly statuses = new Map<number, number>();
  /** Answers that no fault excuses. */
  readonly faults: string[] = [];

  /** Note an answer and what it says of an object. */
  note(method: string, path: string, status: number, told: Told, text: string): void {
    const { id } = told;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    // 503 says honestly that something is away for now.
    if (status >= 500 && status !== 503) this.faults.push(`${method} ${path}: ${status} ${text}`);
    if (method === 'POST' && status === 201 && id !== undefined && isCollection(path))
      this.#of(this.#there, path).add(id);
    if (method === 'DELETE') this.#deleted(path, status);
    else if (method !== 'GET' && status < 300) this.#noteRevision(path, told);
  }

  #noteRevision(path: string, { id, revision_number: revision }: Told): void {
    const table = revised[path] ?? revised[path.slice(0, path.lastIndexOf('/'))];
    if (table === undefined || id === undefined || revision === undefined) return;
    const known = this.#revisions.get(table) ?? new Map<string, number>();
    this.#revisions.set(table, known);
    known.set(id, Math.max(revision, known.get(id) ?? 0));
  }

  #deleted(path: string, status: number): void {
    const cut = path.lastIndexOf('/');
    const [collection, id] = [path.slice(0, cut), path.slice(cut + 1)];
    if (!isCollection(collection)) return;
    const there = this.#of(this.#there, collection);
    if (status === 204) this.#of(this.#gone, collection).add(id);
    if (status === 204 || status === 0 || status >= 500) there.delete(id);
  }

  #of(all: Map<Collection, Set<string>>, collection: Collection): Set<string> {
    const known = all.get(collection);
    if (known !== undefined) return known;
    const made = new Set<string>();
    all.set(collection, made);
    return made;
  }

  /** Promises that SQL does not keep. `revisionsOf` gives the revisions of a table by id. */
  async broken(
    revisionsOf: (table: string) => Promise<ReadonlyMap<string, number>>,
  ): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [table, answered] of this.#revisions)
      for (const [id, revision] of await revisionsOf(table)) {
        const known = answered.get(id) ?? 0;
        if (known > revision) found.push(`${table} ${id} is at ${revision}, after ${known} was answered`);
      }
    for (const collection of Object.keys(tables).filter(isCollection)) {
      const ids = await revisionsOf(tables[collection]);
      for (const id of this.#there.get(collection) ?? [])
        if (!ids.has(id)) found.push(`${collection} ${id} was answered 201 and is not there`);
      for (const id of this.#gone.get(collection) ?? [])
        if (ids.has(id)) found.push(`${collection} ${id} was answered 204 and is there`);
    }
    return found;
  }

  /** Number of answers. */
  get operations(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0);
  }
}
