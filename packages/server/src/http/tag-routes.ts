import { parseTag, parseTags, TagNotFound } from '@ovenbird/api';
import type { Collection } from '../engine/engine.ts';
import type { ContextOf } from './authenticate.ts';
import { paramOf } from './request.ts';
import type { Routes } from './route-table.ts';

const routesAt = (path: string, routes: Routes, contextOf: ContextOf, collection: Collection): void => {
  const idOf = (request: Parameters<ContextOf>[0]): string => paramOf(request, 'id');
  routes.add('GET', path, async (request) => ({
    tags: await collection.tags(contextOf(request), idOf(request)),
  }));
  routes.add('PUT', path, async (request) => {
    const tags = parseTags(request.body);
    return {
      tags: await collection.changeTags(contextOf(request), idOf(request), 'update', () => ({
        verb: 'replace',
        tags,
      })),
    };
  });
  routes.add('POST', path, async (request, reply) => {
    const tags = parseTags(request.body);
    const all = await collection.changeTags(contextOf(request), idOf(request), 'create', () => ({
      verb: 'add',
      tags,
    }));
    return reply.code(201).send({ tags: all });
  });
  routes.add('DELETE', path, async (request, reply) => {
    await collection.changeTags(contextOf(request), idOf(request), 'delete', () => ({
      verb: 'replace',
      tags: [],
    }));
    return reply.code(204).send();
  });
  routes.add('GET', `${path}/:tag`, async (request, reply) => {
    const tag = paramOf(request, 'tag');
    if (!(await collection.tags(contextOf(request), idOf(request))).includes(tag)) throw TagNotFound({ tag });
    return reply.code(204).send();
  });
  routes.add('PUT', `${path}/:tag`, async (request, reply) => {
    const tags = [parseTag(paramOf(request, 'tag'))];
    await collection.changeTags(contextOf(request), idOf(request), 'update', () => ({ verb: 'add', tags }));
    return reply.code(201).send();
  });
  routes.add('DELETE', `${path}/:tag`, async (request, reply) => {
    const tags = [paramOf(request, 'tag')];
    await collection.changeTags(contextOf(request), idOf(request), 'delete', () => ({
      verb: 'remove',
      tags,
    }));
    return reply.code(204).send();
  });
};

/** `/{path}/{id}/tags` and `/{path}/{id}/tags/{tag}`; clients know a path with a prefix without it as well. */
export const tagRoutes = (routes: Routes, contextOf: ContextOf, collection: Collection): void => {
  const { path, otherPath, collection: plural } = collection.definition;
  const paths = [path, otherPath, path.includes('/') ? plural : undefined].filter((one) => one !== undefined);
  for (const each of paths) routesAt(`/${each}/:id/tags`, routes, contextOf, collection);
};
