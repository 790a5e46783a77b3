import type {
  ApiError,
  CreateOf,
  Derived,
  ListQuery,
  ResourceDefinition,
  ResourceOf,
  UpdateOf,
} from '@ovenbird/api';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database, Reader, Transaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import type { RequestContext } from '../identity/context.ts';
import type { ChangeRecorder } from '../ml2/change-recorder.ts';
import type { Caller } from '../policy/policy.ts';

/** A column as read from or bound to SQL. */
export type SqlValue = string | number | null;

/** How what a filter asks of an attribute is kept in a column of the resource's own table. */
export interface ColumnCodec {
  readonly column: string;
  encode(value: unknown): SqlValue;
}

/** A row of the resource's table as read, by column name. */
export type StoredRow = { readonly [column: string]: SqlValue };

/** A condition on the resource's table, referring to its columns as `table.column`. */
export type Condition = (eb: ExpressionBuilder<Tables, keyof Tables>) => Expression<SqlBool>;

/** How a resource is kept in SQL, for the generic list, show, filter, sort and paging. */
export interface ResourceStore<R> {
  readonly table: keyof Tables & string;
  /** Attributes that are columns of `table`; these sort and filter by themselves. */
  readonly columns: { readonly [attribute: string]: ColumnCodec };
  /** Filters on attributes that are not columns; values are in stored form, OR-ed. `viewerProject`: who asks. */
  readonly filters: {
    readonly [attribute: string]: (values: readonly unknown[], viewerProject?: string) => Condition;
  };
  /**
   * Rows of other projects that `context` may see (RBAC, parents). Own rows (`project_id`) are always seen.
   * A store whose table has no `project_id` gives `everybody` instead.
   */
  visibleTo?(context: RequestContext): Condition;
  /** As that of a row source: pages may go on from a row that the caller does not see. */
  readonly anyMarker?: true;
  /** True when the table has no owner column and rows are visible to whoever the policy lets list. */
  readonly everybody?: boolean;
  /**
   * Rows → resources, in order, with what lives in other tables: a fixed number of queries for the whole page.
   * `wanted` names the attributes that the answer needs; undefined: all. An attribute not wanted may be left out of the
   * work, but must then not be read by anybody. `viewer` is who asks, for attributes that depend on it (`shared` through
   * RBAC); undefined: nobody in particular.
   */
  assemble(
    reader: Reader,
    rows: readonly StoredRow[],
    wanted: ReadonlySet<string> | undefined,
    viewer?: RequestContext,
  ): Promise<readonly R[]>;
}

/** What a behaviour gets to write with. It exists only after policy and quota said yes. */
export interface WriteStep {
  readonly tx: Transaction;
  readonly context: RequestContext;
  /** Whether the caller is an administrator by policy (`context_is_admin`). */
  readonly isAdmin: boolean;
  /** By policy it sees networks of any project, as services do, without being an administrator; undefined: no. */
  readonly seesAllProjects?: boolean;
  readonly changes: ChangeRecorder;
}

/** A request to a member action or to a sub-resource of a member. */
export interface ActionRequest {
  /** Path parameters of the action by name (`host`). */
  readonly params: { readonly [name: string]: string };
  readonly body: unknown;
}

/**
 * What a resource does beyond generic create, read, update, delete. The engine has parsed the body, checked policy and
 * quota, opened the transaction and read `current`; afterwards it runs the drivers and presents the result.
 *
 * Every method throws ApiError for what the client caused; anything thrown rolls the transaction back.
 */
export interface StoredBehaviour<D extends ResourceDefinition = ResourceDefinition> {
  readonly kind: 'stored';
  readonly definition: D;
  readonly store: ResourceStore<ResourceOf<D>>;
  /** Attributes that answers have and stored resources do not: worked out from others and the configuration. */
  readonly derived?: { readonly [attribute: string]: Derived<ResourceOf<D>> };
  /** Before any operation of a project, outside transactions (e.g. its default security group). Cheap when done. */
  prepare?(database: Database, about: Pick<RequestContext, 'projectId' | 'requestId'>): Promise<void>;
  /** All or none; results in the order of `bodies`. `project_id` of each body is set and checked. */
  create?(step: WriteStep, bodies: readonly CreateOf<D>[]): Promise<readonly ResourceOf<D>[]>;
  update?(step: WriteStep, current: ResourceOf<D>, body: UpdateOf<D>): Promise<ResourceOf<D>>;
  delete?(step: WriteStep, current: ResourceOf<D>): Promise<void>;
  /**
   * After the commit and before the drivers' postcommit, with no transaction held: port binding. May open transactions of
   * its own through `write`, whose changes reach the drivers together with the first ones. Returns the resources anew.
   */
  settle?(
    write: <T>(callback: (step: WriteStep) => Promise<T>) => Promise<T>,
    resources: readonly ResourceOf<D>[],
  ): Promise<readonly ResourceOf<D>[]>;
  /** Member actions by the name they have in the definition; the result is the response body. */
  readonly actions?: {
    readonly [name: string]: (
      step: WriteStep,
      member: ResourceOf<D>,
      request: ActionRequest,
    ) => Promise<unknown>;
  };
  /** Member actions that only read, by name: what the answer is. No transaction is held. */
  readonly views?: { readonly [name: string]: (member: ResourceOf<D>) => Promise<unknown> };
}

/** The member of the other resource that a sub-resource hangs below. */
export interface ParentMember {
  readonly id: string;
  readonly project_id: string;
  readonly [attribute: string]: unknown;
}

/**
 * A sub-resource (`definition.memberOf`), e.g. the bindings of a port. The engine has checked that the caller may see
 * `parent` and may do the operation. Lists are filtered, sorted and paged in memory.
 */
export interface MemberBehaviour<D extends ResourceDefinition = ResourceDefinition> {
  readonly kind: 'member';
  readonly definition: D;
  list(reader: Reader, parent: ParentMember): Promise<readonly ResourceOf<D>[]>;
  /** The 404 for a key that names no member; default: HTTPNotFound. */
  notFound?(parent: ParentMember, key: string): ApiError;
  create?(step: WriteStep, parent: ParentMember, body: CreateOf<D>): Promise<ResourceOf<D>>;
  update?(
    step: WriteStep,
    parent: ParentMember,
    current: ResourceOf<D>,
    body: UpdateOf<D>,
  ): Promise<ResourceOf<D>>;
  delete?(step: WriteStep, parent: ParentMember, current: ResourceOf<D>): Promise<void>;
  /** As {@link StoredBehaviour.settle}, after create, update and actions. */
  settle?(
    write: <T>(callback: (step: WriteStep) => Promise<T>) => Promise<T>,
    parent: ParentMember,
    current: ResourceOf<D>,
  ): Promise<ResourceOf<D>>;
  /** Actions by the name they have in the definition; the member after the action, which settles and is the answer. */
  readonly actions?: {
    readonly [name: string]: (
      step: WriteStep,
      parent: ParentMember,
      current: ResourceOf<D>,
    ) => Promise<ResourceOf<D>>;
  };
}

/** A resource that is not in SQL: read from the Southbound replica, or constant. Filtered, sorted and paged in memory. */
export interface ComputedBehaviour<D extends ResourceDefinition = ResourceDefinition> {
  readonly kind: 'computed';
  readonly definition: D;
  /** `query`, when there is one, may leave out what it filters away; what is given is filtered anyway. */
  all(caller: Caller, query?: ListQuery): Promise<readonly ResourceOf<D>[]>;
  /** The member with this key, where finding one is less work than listing all. */
  find?(caller: Caller, key: string): Promise<ResourceOf<D> | undefined>;
  update?(context: RequestContext, current: ResourceOf<D>, body: UpdateOf<D>): Promise<ResourceOf<D>>;
  delete?(context: RequestContext, current: ResourceOf<D>): Promise<void>;
  /** As {@link StoredBehaviour.views}. */
  readonly views?: { readonly [name: string]: (member: ResourceOf<D>) => Promise<unknown> };
}

export type Behaviour = StoredBehaviour | MemberBehaviour | ComputedBehaviour;

/** Open a transaction of the request that is going on, while none is held. */
export type WriteWithin = <T>(callback: (step: WriteStep) => Promise<T>) => Promise<T>;
