import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Collection, Engine, SubCollection } from '../engine/engine.ts';
import { type Asking, pageAnswer } from './page-answer.ts';
import { fieldsIn, queryPairs } from './query.ts';
import { quotaRoutes } from './quota-routes.ts';
import { paramOf, paramsOf, revisionOf } from './request.ts';
import type { Routes } from './route-table.ts';
import { tagRoutes } from './tag-routes.ts';
import { topologyRoutes } from './topology-routes.ts';

/** An action's answer: what it returns, or nothing. */
const send = (reply: FastifyReply, method: string, body: unknown): FastifyReply =>
  body === undefined ? reply.code(204).send() : reply.code(method === 'POST' ? 201 : 200).send(body);

/** `{name}` of the definitions → `:name` of the router. */
const routed = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

const collectionRoutes = (routes: Routes, asking: Asking, collection: Collection, below: string): void => {
  const { contextOf } = asking;
  const { definition } = collection;
  const operations = new Set(definition.operations);
  const path = `/${below}`;
  const member = `${path}/:id`;
  const add = (method: string, url: string, handler: RouteHandlerMethod): void =>
    routes.add(method, url, handler);
  if (operations.has('list')) {
    add('GET', path, async (request, reply) => {
      const page = await collection.list(contextOf(request), queryPairs(request.url));
      return pageAnswer(asking, request, reply, definition.collection, page);
    });
  }
  if (operations.has('create')) {
    add('POST', path, async (request, reply) =>
      reply.code(201).send(await collection.create(contextOf(request), request.body)),
    );
  }
  if (operations.has('show')) {
    add('GET', member, async (request) => ({
      [definition.name]: await collection.show(
        contextOf(request),
        paramOf(request, 'id'),
        fieldsIn(request.url),
      ),
    }));
  }
  if (operations.has('update')) {
    add('PUT', member, async (request) =>
      collection.update(contextOf(request), paramOf(request, 'id'), request.body, {
        revision: revisionOf(request),
      }),
    );
  }
  if (operations.has('delete')) {
    add('DELETE', member, async (request, reply) => {
      await collection.remove(contextOf(request), paramOf(request, 'id'), { revision: revisionOf(request) });
      return reply.code(204).send();
    });
  }
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    add(action.method, `${member}/${routed(action.path)}`, async (request, reply) => {
      const { id = '', ...params } = paramsOf(request);
      const body = await collection.act(
        contextOf(request),
        id,
        { name, action },
        { params, body: request.body },
      );
      return send(reply, action.method, body);
    });
  }
};

const subCollectionRoutes = (routes: Routes, asking: Asking, below: string, sub: SubCollection): void => {
  const { contextOf } = asking;
  const { definition } = sub;
  const operations = new Set(definition.operations);
  const path = `${below}/:parent/${definition.path}`;
  const member = `${path}/:key`;
  const parentOf = (request: FastifyRequest): string => paramOf(request, 'parent');
  const keyOf = (request: FastifyRequest): string => paramOf(request, 'key');
  if (operations.has('list')) {
    routes.add('GET', path, async (request, reply) => {
      const page = await sub.list(contextOf(request), parentOf(request), queryPairs(request.url));
      return pageAnswer(asking, request, reply, definition.collection, page);
    });
  }
  if (operations.has('create')) {
    routes.add('POST', path, async (request, reply) =>
      reply.code(201).send(await sub.create(contextOf(request), parentOf(request), request.body)),
    );
  }
  if (operations.has('show')) {
    routes.add('GET', member, async (request) =>
      sub.show(contextOf(request), parentOf(request), keyOf(request), fieldsIn(request.url)),
    );
  }
  if (operations.has('update')) {
    routes.add('PUT', member, async (request) =>
      sub.update(contextOf(request), parentOf(request), keyOf(request), request.body),
    );
  }
  if (operations.has('delete')) {
    routes.add('DELETE', member, async (request, reply) => {
      await sub.remove(contextOf(request), parentOf(request), keyOf(request));
      return reply.code(204).send();
    });
  }
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    routes.add(action.method, `${member}/${routed(action.path)}`, async (request) =>
      sub.act(contextOf(request), parentOf(request), keyOf(request), { name, action }),
    );
  }
};

/** The routes of every resource that the engine serves, relative to `/v2.0`. */
export const resourceRoutes = (routes: Routes, engine: Engine, asking: Asking): void => {
  for (const collection of engine.collections) {
    const { path, otherPath } = collection.definition;
    collectionRoutes(routes, asking, collection, path);
    if (otherPath !== undefined) collectionRoutes(routes, asking, collection, otherPath);
    if (collection.definition.taggable === true) tagRoutes(routes, asking.contextOf, collection);
  }
  for (const sub of engine.subCollections) {
    const owner = engine.collections.find((one) => one.definition.name === sub.definition.memberOf?.resource);
    if (owner !== undefined) subCollectionRoutes(routes, asking, `/${owner.definition.path}`, sub);
  }
  quotaRoutes(routes, engine.quotas, asking);
  topologyRoutes(routes, engine.topologies, asking);
};
