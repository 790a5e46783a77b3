import { createHash } from 'node:crypto';
import type { ApplicationCredential } from '../credentials.ts';
import type { Assignment, Directory, Domain, Project, Role, User } from '../directory.ts';
import type { Session } from '../sessions.ts';

/** Where things are; URLs without a slash at the end. */
export interface Places {
  /** `http://127.0.0.1:5000/v3` */
  readonly identity: string;
  /** `http://127.0.0.1:9696` */
  readonly network: string;
}

const region = 'RegionOne';

/** Stable identifiers for what has no row: services and endpoints. */
const derivedId = (name: string): string => createHash('md5').update(`ovenbird ${name}`).digest('hex');

/** Keystone's form of time, microseconds included. */
const time = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, '.000000Z');

export interface ServiceDocument {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly enabled: true;
  readonly description: string;
}

/** Services that the catalogue names. */
export const services = (): readonly ServiceDocument[] =>
  [
    { type: 'identity', name: 'keystone', description: 'Lab identity service' },
    { type: 'network', name: 'neutron', description: 'Networking service' },
  ].map((service) => ({ id: derivedId(service.type), enabled: true, ...service }));

export const endpoints = (places: Places) =>
  services().flatMap((service) =>
    ['public', 'internal', 'admin'].map((side) => ({
      id: derivedId(`${service.type} ${side}`),
      interface: side,
      region,
      region_id: region,
      service_id: service.id,
      enabled: true,
      url: service.type === 'identity' ? places.identity : places.network,
    })),
  );

export const catalog = (places: Places) =>
  services().map(({ id, type, name }) => ({
    id,
    type,
    name,
    endpoints: endpoints(places)
      .filter((endpoint) => endpoint.service_id === id)
      .map(({ enabled: _enabled, service_id: _service, ...shown }) => shown),
  }));

const shortDomain = (directory: Directory, id: string) => ({ id, name: directory.domain(id)?.name ?? id });

/** The body that describes a token. */
export const tokenDocument = (
  session: Session,
  directory: Directory,
  places: Places,
  withCatalog: boolean,
) => {
  const { claims, user, project, credential } = session;
  const scoped = claims.scope !== 'unscoped';
  return {
    token: {
      methods: claims.methods,
      user: {
        id: user.id,
        name: user.name,
        domain: shortDomain(directory, user.domain_id),
        password_expires_at: null,
      },
      audit_ids: [claims.audit],
      issued_at: time(claims.issued),
      expires_at: time(claims.expires),
      ...(project === undefined
        ? {}
        : {
            project: {
              id: project.id,
              name: project.name,
              domain: shortDomain(directory, project.domain_id),
            },
            is_domain: false,
          }),
      ...(session.domainId === '' ? {} : { domain: shortDomain(directory, session.domainId) }),
      ...(credential === undefined
        ? {}
        : {
            application_credential: {
              id: credential.id,
              name: credential.name,
              restricted: !credential.unrestricted,
            },
          }),
      ...(session.system ? { system: { all: true } } : {}),
      ...(scoped ? { roles: session.roles.map(({ id, name }) => ({ id, name })) } : {}),
      ...(scoped && withCatalog ? { catalog: catalog(places) } : {}),
    },
  };
};

export const domainDocument = (domain: Domain, places: Places) => ({
  ...domain,
  tags: [],
  options: {},
  links: { self: `${places.identity}/domains/${domain.id}` },
});

export const projectDocument = (project: Project, places: Places) => ({
  ...project,
  is_domain: false,
  parent_id: project.domain_id,
  tags: [],
  options: {},
  links: { self: `${places.identity}/projects/${project.id}` },
});

/** Without the attributes that nobody gave the user, as in Keystone. */
export const userDocument = ({ email, default_project_id, ...user }: User, places: Places) => ({
  ...user,
  ...(email === null ? {} : { email }),
  ...(default_project_id === null ? {} : { default_project_id }),
  password_expires_at: null,
  options: {},
  links: { self: `${places.identity}/users/${user.id}` },
});

export const roleDocument = (role: Role, places: Places) => ({
  ...role,
  domain_id: null,
  options: {},
  links: { self: `${places.identity}/roles/${role.id}` },
});

export const applicationCredentialDocument = (
  credential: ApplicationCredential,
  directory: Directory,
  places: Places,
) => ({
  id: credential.id,
  name: credential.name,
  description: credential.description,
  user_id: credential.userId,
  project_id: credential.projectId,
  system: null,
  roles: credential.roles.flatMap((id) => directory.role(id) ?? []).map((role) => roleDocument(role, places)),
  // Here, unlike in tokens, Keystone and its clients leave the zone out.
  expires_at: credential.expires === undefined ? null : time(credential.expires).replace('Z', ''),
  unrestricted: credential.unrestricted,
  links: {
    self: `${places.identity}/users/${credential.userId}/application_credentials/${credential.id}`,
  },
});

/** One role assignment; `names`: with names beside the ids. */
export const assignmentDocument = (given: Assignment, directory: Directory, names: boolean) => {
  const named = (
    entity: { readonly id: string; readonly name: string; readonly domain_id?: string } | undefined,
    id: string,
  ) =>
    names && entity !== undefined
      ? {
          id,
          name: entity.name,
          ...(entity.domain_id === undefined ? {} : { domain: shortDomain(directory, entity.domain_id) }),
        }
      : { id };
  const [kind, id = ''] = given.scope.split(':');
  const scope =
    kind === 'project'
      ? { project: named(directory.project(id), id) }
      : kind === 'domain'
        ? { domain: named(directory.domain(id), id) }
        : { system: { all: true } };
  return {
    role: named(directory.role(given.roleId), given.roleId),
    user: named(directory.user(given.userId), given.userId),
    scope,
    links: {},
  };
};

/** The version document of `GET /v3`. */
export const versionDocument = (places: Places) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${places.identity}/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});
