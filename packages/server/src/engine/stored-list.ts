import { setImmediate as othersFirst } from 'node:timers/promises';
import { ApiError, type ListQuery } from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import { listRows } from '../db/query/rows.ts';
import type { StoredRow } from '../db/query/source.ts';
import type { Caller } from '../policy/policy.ts';
import type { StoredBehaviour } from './contract.ts';
import { type Discretion, tellable } from './discretion.ts';
import type { Kernel, Served } from './kernel.ts';
import { notFound } from './not-found.ts';
import { type Page, PageMaker } from './page.ts';
import type { AnyResource } from './plan.ts';
import { presentAll, presenterFor } from './present.ts';

/** Resources that are assembled, shown and spelled together. */
const PIECE = 512;

const rowsOf = (
  kernel: Kernel,
  reader: Reader,
  { behaviour, definition }: Served<StoredBehaviour>,
  caller: Caller,
  query: ListQuery,
): Promise<readonly StoredRow[]> => {
  const scope = kernel.scope(caller, behaviour.store);
  return listRows(reader, behaviour.store, query, scope, caller.context.projectId).catch((error: unknown) => {
    const lost = error instanceof ApiError && error.status === 404 ? query.marker : undefined;
    throw lost === undefined ? error : notFound(definition, lost);
  });
};

/** Puts what may be told of rows on a page. */
const teller = (
  kernel: Kernel,
  reader: Reader,
  served: Served<StoredBehaviour>,
  caller: Caller,
  { query, tests }: Discretion,
) => {
  const { plan, behaviour } = served;
  const presenter = presenterFor(plan, caller, query.fields);
  const rules = [plan.rule('get'), ...plan.shown.flatMap((attribute) => attribute.rule ?? [])];
  return async (maker: PageMaker, rows: readonly StoredRow[], before = false): Promise<void> => {
    const { wanted } = presenter;
    const all: readonly AnyResource[] = await behaviour.store.assemble(reader, rows, wanted, caller.context);
    const targets = await kernel.targets(reader, served, caller, rules, all);
    const told = maker.fitting(tellable(all, targets, tests));
    const items = presentAll(told, targets, presenter);
    if (before) maker.addBefore(told, items);
    else maker.add(told, items);
  };
};

/**
 * A page is as full as it can be, and its links name nothing that it does not show: either would tell that there is more
 * than the caller may be told of.
 */
export const listStored = (
  kernel: Kernel,
  served: Served<StoredBehaviour>,
  caller: Caller,
  discretion: Discretion,
): Promise<Page> => {
  const { query } = discretion;
  const { pageReverse, limit = Number.POSITIVE_INFINITY } = query;
  return kernel.options.database.read(async (reader) => {
    const tell = teller(kernel, reader, served, caller, discretion);
    const maker = new PageMaker(served.plan, query);
    let rows = await rowsOf(kernel, reader, served, caller, query);
    for (let start = 0; start < rows.length; start += PIECE) {
      // A long list neither holds up everybody else nor keeps all that it is made of.
      if (start > 0) await othersFirst();
      await tell(maker, rows.slice(start, start + PIECE));
    }
    for (let more = rows.length >= limit; more && maker.room > 0; more = rows.length >= PIECE) {
      await othersFirst();
      const marker = String(rows.at(pageReverse ? 0 : -1)?.id);
      rows = await rowsOf(kernel, reader, served, caller, { ...query, limit: PIECE, marker });
      await tell(maker, rows, pageReverse);
    }
    return maker.page();
  });
};
