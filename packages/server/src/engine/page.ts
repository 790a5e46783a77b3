import type { ListQuery } from '@ovenbird/api';
import type { AnyResource, ResourcePlan } from './plan.ts';

/** Where a page is in its collection. */
export interface Paging {
  readonly limit: number;
  readonly found: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly reverse: boolean;
}

/** One page of a collection. */
export interface Page {
  /**
   * The items as JSON, without the brackets around them, in pieces that commas are to join. What a piece was made of can be
   * forgotten at once, however long the list becomes.
   */
  readonly items: readonly string[];
  /** For the links of the page: undefined when the request asked for no paging. */
  readonly paging: Paging | undefined;
}

const spelled = (items: readonly AnyResource[]): string => JSON.stringify(items).slice(1, -1);

/** A page as it is made, piece by piece. */
export class PageMaker {
  readonly #plan: ResourcePlan;
  readonly #query: ListQuery;
  readonly #items: string[] = [];
  #found = 0;
  #first: string | undefined;
  #last: string | undefined;

  constructor(plan: ResourcePlan, query: ListQuery) {
    this.#plan = plan;
    this.#query = query;
  }

  /** How many more resources there is room for. */
  get room(): number {
    return (this.#query.limit ?? Number.POSITIVE_INFINITY) - this.#found;
  }

  /** As many of `found` as there is room for, nearest to where the page began. */
  fitting(found: readonly AnyResource[]): readonly AnyResource[] {
    if (found.length <= this.room) return found;
    return this.#query.pageReverse ? found.slice(found.length - this.room) : found.slice(0, this.room);
  }

  /**
   * @param found what the caller may be told of
   * @param items the same as it is shown
   */
  add(found: readonly AnyResource[], items: readonly AnyResource[]): this {
    if (items.length > 0) this.#items.push(spelled(items));
    this.#found += found.length;
    this.#first ??= this.#keyOf(found[0]);
    this.#last = this.#keyOf(found.at(-1)) ?? this.#last;
    return this;
  }

  /** As {@link add}, in front of what is there. */
  addBefore(found: readonly AnyResource[], items: readonly AnyResource[]): void {
    if (items.length > 0) this.#items.unshift(spelled(items));
    this.#found += found.length;
    this.#first = this.#keyOf(found[0]) ?? this.#first;
    this.#last ??= this.#keyOf(found.at(-1));
  }

  page(): Page {
    const { limit, pageReverse: reverse } = this.#query;
    const paging =
      limit === undefined
        ? undefined
        : { limit, found: this.#found, first: this.#first, last: this.#last, reverse };
    return { items: this.#items, paging };
  }

  #keyOf(resource: AnyResource | undefined): string | undefined {
    return resource === undefined ? undefined : String(resource[this.#plan.key]);
  }
}
