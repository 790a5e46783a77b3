import { isLoopback } from '../../core/loopback.ts';
import { type Found, type SettingsCheck, setting, settingsCheck } from '../check.ts';

/** Transport without encryption between hosts. */
const CLEARTEXT = { pillar: 693, cwe: 319, severity: 'high' } as const;
/** Modes in which node-postgres encrypts. */
const ENCRYPTED = new Set(['prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']);

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/** Whether a plain-text URL of HTTP leaves this host. */
const leavesInClear = (text: string): boolean => {
  const url = urlOf(text);
  return url?.protocol === 'http:' && !isLoopback(url.hostname);
};

export const apiUnencrypted: SettingsCheck = settingsCheck({
  ...CLEARTEXT,
  id: 'api-unencrypted',
  title: 'The API answers other hosts without TLS',
  remedy:
    'Set api.tlsCertificate and api.tlsKey, or listen on loopback (api.host) behind a proxy that ends TLS.',
  async examine({ config: { api } }) {
    if (api.tlsCertificate !== '' || isLoopback(api.host)) return [];
    return [
      { subject: setting('api.tlsCertificate'), evidence: `plain HTTP on ${api.host} port ${api.port}` },
    ];
  },
});

/** What is wrong with the link to PostgreSQL; undefined: nothing, or it does not leave the host. */
const sqlLink = (
  text: string,
  environment: { readonly [name: string]: string | undefined },
): Found | undefined => {
  const url = /^postgres(ql)?:/.test(text) ? urlOf(text) : undefined;
  if (url === undefined) return undefined;
  const host = url.hostname || url.searchParams.get('host') || environment.PGHOST || '/';
  if (host.startsWith('/') || host.startsWith('%2F') || isLoopback(host)) return undefined;
  const subject = setting('database.url');
  const given =
    url.searchParams.get('sslmode') ?? (url.searchParams.get('ssl') === 'true' ? 'require' : undefined);
  const mode = given ?? environment.PGSSLMODE ?? 'disable';
  if (!ENCRYPTED.has(mode)) return { subject, evidence: `no TLS to PostgreSQL on ${host} (sslmode ${mode})` };
  return mode === 'no-verify'
    ? {
        subject,
        evidence: `PostgreSQL on ${host} is believed whoever it is (sslmode no-verify)`,
        severity: 'medium',
      }
    : undefined;
};

export const databaseUnencrypted: SettingsCheck = settingsCheck({
  ...CLEARTEXT,
  id: 'database-unencrypted',
  title: 'SQL crosses the network without TLS',
  remedy: 'Add sslmode=verify-full to database.url, with sslrootcert when the authority is your own.',
  async examine({ config, environment }) {
    const found = sqlLink(config.database.url, environment);
    return found === undefined ? [] : [found];
  },
});

/** `tcp:HOST:PORT` and `tcp:[HOST]:PORT`. */
const tcpHost = (endpoint: string): string | undefined => /^tcp:\[?(.*?)\]?:\d+$/.exec(endpoint)?.[1];

export const ovsdbUnencrypted: SettingsCheck = settingsCheck({
  ...CLEARTEXT,
  id: 'ovsdb-unencrypted',
  title: 'An OVN database is reached without TLS',
  remedy:
    'Let the database listen on pssl: only, name it as ssl:HOST:PORT and set ovn.privateKey, certificate and caCert.',
  async examine({ config: { ovn } }) {
    return (['nbConnection', 'sbConnection'] as const).flatMap((name) =>
      ovn[name]
        .filter((endpoint) => !isLoopback(tcpHost(endpoint) ?? '::1'))
        .map((endpoint) => ({
          subject: setting(`ovn.${name}`),
          evidence: `${endpoint}: whoever is on the way reads and writes every flow of the cloud`,
        })),
    );
  },
});

export const identityUnencrypted: SettingsCheck = settingsCheck({
  ...CLEARTEXT,
  id: 'identity-unencrypted',
  title: 'Tokens and the service password go to the identity service without TLS',
  remedy: 'Set identity.url to an https: address.',
  async examine({ config: { identity } }) {
    if (identity.driver !== 'keystone' || !leavesInClear(identity.url)) return [];
    return [{ subject: setting('identity.url'), evidence: `plain HTTP to ${new URL(identity.url).host}` }];
  },
});

export const novaUnencrypted: SettingsCheck = settingsCheck({
  ...CLEARTEXT,
  id: 'nova-unencrypted',
  title: 'News for Nova, with the service token, go without TLS',
  severity: 'medium',
  remedy: 'Set nova.url to an https: address.',
  async examine({ config: { nova } }) {
    if (!leavesInClear(nova.url)) return [];
    return [{ subject: setting('nova.url'), evidence: `plain HTTP to ${new URL(nova.url).host}` }];
  },
});
