import type { Reader } from '../db/database.ts';
import { findRow } from '../db/query/rows.ts';
import type { Caller } from '../policy/policy.ts';
import type { StoredBehaviour } from './contract.ts';
import type { Kernel, Served } from './kernel.ts';
import { notFound } from './not-found.ts';
import type { AnyResource } from './plan.ts';

/**
 * The member with this id, if it is within the caller's reach; policy is still to be asked. Throws the resource's 404
 * when it is not there.
 */
export const findMember = async (
  kernel: Kernel,
  reader: Reader,
  { behaviour, definition }: Served<StoredBehaviour>,
  caller: Caller,
  id: string,
  wanted?: ReadonlySet<string>,
): Promise<AnyResource> => {
  const row = await findRow(reader, behaviour.store, id, kernel.scope(caller, behaviour.store));
  if (row === undefined) throw notFound(definition, id);
  const [resource] = await behaviour.store.assemble(reader, [row], wanted, caller.context);
  if (resource === undefined) throw notFound(definition, id);
  return resource;
};
