import type { ApiError, RbacObjectType } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { GrantedTable, SharingAction } from '../sharing.ts';

/** What entries need to know of one type of objects. */
export interface SharedKind {
  readonly type: RbacObjectType;
  readonly actions: readonly SharingAction[];
  notFound(id: string): ApiError;
  /** The project that owns the object; undefined: there is no such object. */
  owner(reader: Reader, id: string): Promise<string | undefined>;
  /** Projects that use the object in the way that `action` allows; the owner may be among them. */
  users(reader: Reader, id: string, action: SharingAction): Promise<ReadonlySet<string>>;
  /** Why everybody must keep the access that `action` gives to the object; undefined: nobody must. */
  mustStayOpen?(reader: Reader, id: string, action: SharingAction): Promise<string | undefined>;
  /** Throws ApiError when the object may not be given to this project, or to `*`. */
  checkTarget?(reader: Reader, id: string, target: string): Promise<void>;
  /** The owner counts among those that use it, and an entry gives no access before it is there. As clients expect. */
  readonly strict?: boolean;
  /** Run `change`, which changes entries about the object, with all that follows from it for the object itself. */
  changing?(step: WriteStep, id: string, change: () => Promise<void>): Promise<void>;
}

/** The owner of an object whose table is given; each such table has these two columns. */
export const ownerIn =
  (table: GrantedTable) =>
  async (reader: Reader, id: string): Promise<string | undefined> => {
    const row = await reader.query
      .selectFrom(table as 'networks')
      .select('project_id')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.project_id;
  };
