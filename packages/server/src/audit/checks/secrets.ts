import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type Found,
  file,
  resource,
  type SettingsCheck,
  type SettingsSite,
  setting,
  settingsCheck,
} from '../check.ts';

/** Permissions of a file's group and of everybody. */
const OTHERS = 0o077;
/** Of a directory: those to reach what is in it. */
const PASSING = 0o011;

/** A password as a URL writes it, and as it is. */
const passwordIn = (text: string): readonly string[] => {
  const written = URL.canParse(text) ? new URL(text).password : '';
  return written === '' ? [] : [written, decodeURIComponent(written)];
};

/** Every secret of the configuration, in each form in which it may be written. */
const secretsOf = ({ config }: SettingsSite): readonly string[] => [
  ...new Set([
    ...(config.identity.password === '' ? [] : [config.identity.password]),
    ...passwordIn(config.database.url),
    ...passwordIn(config.identity.url),
    ...passwordIn(config.nova.url),
  ]),
];

/** The permissions of a file; undefined: there is none. */
const modeOf = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).mode & 0o777;
  } catch {
    return undefined;
  }
};

/** Whether every directory on the way to a file lets others pass. */
const othersGetTo = async (path: string): Promise<boolean> => {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (((await modeOf(folder)) ?? 0) & PASSING) {
      if (folder === dirname(folder)) return true;
    } else return false;
  }
};

const readableByOthers = async (path: string, what: string): Promise<readonly Found[]> => {
  const mode = path === '' ? undefined : await modeOf(path);
  if (mode === undefined || (mode & OTHERS) === 0 || !(await othersGetTo(path))) return [];
  return [{ subject: file(path), evidence: `${what}, mode 0${mode.toString(8)}` }];
};

const configText = async ({ configFile }: SettingsSite): Promise<string> =>
  configFile === undefined ? '' : readFile(configFile, 'utf8');

const EXPOSED = { pillar: 284, cwe: 732, severity: 'high' } as const;

export const configReadable: SettingsCheck = settingsCheck({
  ...EXPOSED,
  id: 'config-readable',
  title: 'Other users may read or write a configuration file that holds a secret',
  remedy: 'chmod 0600, owned by the user of the service; or take the secret out of it.',
  async examine(site) {
    const text = await configText(site);
    if (!secretsOf(site).some((secret) => text.includes(secret))) return [];
    return readableByOthers(site.configFile ?? '', 'holds a password');
  },
});

export const keyReadable: SettingsCheck = settingsCheck({
  ...EXPOSED,
  id: 'key-readable',
  title: 'Other users may read or write a private key',
  remedy: 'chmod 0600, owned by the user of the service.',
  async examine({ config: { api, ovn } }) {
    return [
      ...(await readableByOthers(api.tlsKey, 'key of the API')),
      ...(await readableByOthers(ovn.privateKey, 'key for the OVN databases')),
    ];
  },
});

export const storeReadable: SettingsCheck = settingsCheck({
  ...EXPOSED,
  id: 'store-readable',
  title: 'Other users may read or write the data of the service',
  severity: 'medium',
  remedy: 'chmod 0600, or keep it in a directory of mode 0700 of the user of the service.',
  async examine({ config: { database, identity } }) {
    const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(database.url)?.[1] ?? '';
    return [
      ...(await readableByOthers(path, 'the SQL database')),
      ...(identity.driver === 'lab' ? await readableByOthers(identity.path, 'users of the lab') : []),
    ];
  },
});

export const passwordInUrl: SettingsCheck = settingsCheck({
  id: 'password-in-url',
  pillar: 284,
  cwe: 260,
  title: 'The configuration file holds the password of the database in a URL',
  severity: 'low',
  remedy:
    'Take the password out of this file: give the URL in a file of mode 0600 that the variable OVENBIRD_DATABASE_URL_FILE names, or the password in the file that PGPASSFILE names.',
  async examine(site) {
    const text = await configText(site);
    if (!passwordIn(site.config.database.url).some((secret) => text.includes(secret))) return [];
    return [
      { subject: setting('database.url'), evidence: 'a URL with a password is shown, logged and copied' },
    ];
  },
});

/** Arguments of every process, as far as they may be read. */
const argumentsOfAll = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    // It may have ended meanwhile.
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  );
  return new Map(lines.map(([pid, line]) => [pid, line.split('\0')]));
};

const shows = (argument: string, secret: string): boolean =>
  argument === secret || argument.includes(`:${secret}@`) || argument.endsWith(`=${secret}`);

export const secretInArguments: SettingsCheck = settingsCheck({
  id: 'secret-in-arguments',
  pillar: 284,
  cwe: 214,
  title: 'A password of the service is an argument of a process, which every user of the host can see',
  severity: 'high',
  remedy: 'Give it in a file or in the environment, and change it: it has been seen.',
  async examine(site) {
    const secrets = secretsOf(site);
    if (secrets.length === 0) return [];
    const telling = [...(await argumentsOfAll())].filter(([, given]) =>
      given.some((argument) => secrets.some((secret) => shows(argument, secret))),
    );
    return Promise.all(
      telling.map(async ([id]) => {
        const name = (await readFile(`/proc/${id}/comm`, 'utf8').catch(() => '')).trim();
        return { subject: resource('process', id, name), evidence: 'in its list of arguments' };
      }),
    );
  },
});
