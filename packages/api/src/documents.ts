import type { ExtensionDefinition } from './define.ts';
import { network } from './resources/network.ts';
import { port } from './resources/port.ts';
import { subnet } from './resources/subnet.ts';
import { subnetpool } from './resources/subnetpool.ts';
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
  resources: [network, subnet, subnetpool, port].map(({ path, name, collection }) => ({
    links: self(base, `/v2.0/${path}`),
    name,
    collection,
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
