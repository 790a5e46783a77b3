import {
  ExtensionNotFound,
  extensionDocument,
  extensionsDocument,
  extensionWithAlias,
  openApiDocument,
  resources,
  resourcesDocument,
  versionsDocument,
} from '@ovenbird/api';
import { type OriginOf, paramOf } from './request.ts';
import type { Routes } from './route-table.ts';

/** Documents that anybody may read: versions, core collections, OpenAPI. */
export const openDocuments = (routes: Routes, originOf: OriginOf, version: string): void => {
  const openApi = openApiDocument(resources, version);
  routes.add('GET', '/', async (request) => versionsDocument(originOf(request)));
  routes.add('GET', '/v2.0', async (request) => resourcesDocument(originOf(request)));
  routes.add('GET', '/openapi.json', async () => openApi);
};

/** `/extensions` and `/extensions/{alias}`, relative to `/v2.0`. */
export const extensionDocuments = (routes: Routes): void => {
  routes.add('GET', '/extensions', async () => extensionsDocument());
  routes.add('GET', '/extensions/:alias', async (request) => {
    const alias = paramOf(request, 'alias');
    const extension = extensionWithAlias(alias);
    if (extension === undefined) throw ExtensionNotFound({ alias: alias.slice(0, 255) });
    return { extension: extensionDocument(extension) };
  });
};
