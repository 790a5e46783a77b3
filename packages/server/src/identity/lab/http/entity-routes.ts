import type { FastifyInstance } from 'fastify';
import type { Session } from '../sessions.ts';
import { adminOf, callerOf, isAdmin, type LabServices, paramOf, queryOf } from './access.ts';
import { type Json, objectAt } from './body.ts';
import type { Places } from './documents.ts';
import { forbidden, notFound } from './fault.ts';

/** One kind of thing that the service keeps, as the generic routes see it. */
export interface Entity<T extends { readonly id: string }> {
  /** JSON key of one (`user`) and of many, also the path (`users`). */
  readonly name: string;
  readonly collection: string;
  all(): readonly T[];
  find(id: string): T | undefined;
  document(entity: T, places: Places): object;
  /** Throws IdentityFault. */
  create(body: Json): Promise<T> | T;
  update(current: T, body: Json): Promise<T> | T;
  remove(entity: T): void;
  /** Whether a caller who is no administrator may see it. */
  maySee(session: Session, entity: T): boolean;
}

/** Query parameters that select by equality. Others have no say, as in Keystone. */
const selectors = ['id', 'name', 'domain_id', 'enabled', 'email', 'default_project_id'];

const selects = (document: object, query: { readonly [name: string]: string }): boolean =>
  selectors.every((name) => {
    const wanted = query[name];
    if (wanted === undefined || !Object.hasOwn(document, name)) return true;
    const value: unknown = Reflect.get(document, name);
    if (typeof value === 'boolean') return value === (wanted.toLowerCase() !== 'false' && wanted !== '0');
    return String(value ?? '') === wanted;
  });

/** List, show, create, update and delete of one kind, for administrators; others may look at what is theirs. */
export const entityRoutes = <T extends { readonly id: string }>(
  app: FastifyInstance,
  services: LabServices,
  entity: Entity<T>,
): void => {
  const path = `/${entity.collection}`;
  const member = `${path}/:id`;
  const found = (id: string): T => {
    const one = entity.find(id);
    if (one === undefined) throw notFound(entity.name, id);
    return one;
  };
  const shown = (one: T): object => ({ [entity.name]: entity.document(one, services.places()) });

  app.get(path, async (request) => {
    adminOf(request, services);
    const places = services.places();
    const query = queryOf(request);
    const documents = entity.all().map((one) => entity.document(one, places));
    return {
      [entity.collection]: documents.filter((document) => selects(document, query)),
      links: { self: `${places.identity}${path}`, previous: null, next: null },
    };
  });
  app.get(member, async (request) => {
    const session = callerOf(request, services);
    const one = entity.find(paramOf(request, 'id'));
    if (isAdmin(session)) return shown(one ?? found(paramOf(request, 'id')));
    if (one === undefined || !entity.maySee(session, one)) throw forbidden();
    return shown(one);
  });
  app.post(path, async (request, reply) => {
    adminOf(request, services);
    return reply.code(201).send(shown(await entity.create(objectAt(request.body, entity.name))));
  });
  app.patch(member, async (request) => {
    adminOf(request, services);
    return shown(await entity.update(found(paramOf(request, 'id')), objectAt(request.body, entity.name)));
  });
  app.delete(member, async (request, reply) => {
    adminOf(request, services);
    entity.remove(found(paramOf(request, 'id')));
    return reply.code(204).send();
  });
};
