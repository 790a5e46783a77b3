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

/** What clients were promised: objects that must be there, and objects that must be gone. Of others nothing is known. */
export class Ledger {
  readonly #there = new Map<Collection, Set<string>>();
  readonly #gone = new Map<Collection, Set<string>>();
  /** Answers by status; 0: none came. */
  readonly statuses = new Map<number, number>();
  /** Answers that no fault excuses. */
  readonly faults: string[] = [];

  /** Note an answer. `id`: of the object that was made. */
  note(method: string, path: string, status: number, id: string | undefined, text: string): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    // 503 says honestly that something is away for now.
    if (status >= 500 && status !== 503) this.faults.push(`${method} ${path}: ${status} ${text}`);
    if (method === 'POST' && status === 201 && id !== undefined && isCollection(path))
      this.#of(this.#there, path).add(id);
    if (method === 'DELETE') this.#deleted(path, status);
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

  /** Promises that SQL does not keep. `idsOf` gives the ids of a table. */
  async broken(idsOf: (table: string) => Promise<ReadonlySet<string>>): Promise<readonly string[]> {
    const found: string[] = [];
    for (const collection of Object.keys(tables).filter(isCollection)) {
      const ids = await idsOf(tables[collection]);
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
