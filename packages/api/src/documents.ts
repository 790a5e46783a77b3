import type { ExtensionDefinition } from './define.ts';
import { resources } from './registry.ts';
import { extensions } from './served-extensions.ts';

interface Link {
  readonly rel: 'self';
  readonly href: string;
}

const self = (base: string, path: string): readonly Link[] => [{ rel: 'self', href: `${base}${path}` }];

/** The answer to `GET /`. `base` is the URL that the client used, without a slash at its end. */
export const versionsDocument = (base: string) => ({
  versions: [{ id: 'v2.0', status: 'CURRENT', links: self(base, '/v2.0/') }],
});

/** The answer to `GET /v2.0/`: the core collections. */
export const resourcesDocument = (base: string) => ({
  resources: resources
    .filter((resource) => resource.alias === 'core')
    .map((resource) => ({
      links: self(base, `/v2.0/${resource.path}`),
      name: resource.name,
      collection: resource.collection,
    })),
});

/** One extension as clients see it. */
export const extensionDocument = ({ alias, name, description, updated }: ExtensionDefinition) => ({
  alias,
  name,
  description,
  updated,
  links: [],
});

/** The answer to `GET /v2.0/extensions`. */
export const extensionsDocument = () => ({ extensions: extensions.map(extensionDocument) });
