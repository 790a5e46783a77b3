import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { certificateFiles } from '../../audit/certificate-files.ts';
import type { Config } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createJsonClient } from '../../core/json-client.ts';
import { quietLogger } from '../../core/logger.ts';
import { createKeystoneClient } from '../../identity/keystone/client.ts';
import { keystoneOptions } from '../identity.ts';
import { examineFiles } from './files.ts';
import { type Finding, type Findings, failed, ok, reasonOf, warning } from './finding.ts';

const OLDEST_NODE = 24;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const PATIENCE_MS = 3_000;
const READY = 200;

const examineNode = (): Finding => {
  const { node } = process.versions;
  return Number.parseInt(node, 10) >= OLDEST_NODE
    ? ok('node', `Node.js ${node}`)
    : failed('node', `Node.js ${node}`, `Node.js ${OLDEST_NODE} or later is needed`);
};

async function* examineCertificates(config: Config): Findings {
  for (const [, path] of certificateFiles(config)) {
    try {
      const { validTo } = new X509Certificate(await readFile(path));
      const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY_MS);
      if (days < 0) yield failed('certificate', `${path} has expired (${validTo})`, 'renew it');
      else if (days < SOON_DAYS) yield warning('certificate', `${path} expires in ${days} days`, 'renew it');
      else yield ok('certificate', `${path} is good for ${days} days`);
    } catch (error) {
      yield failed(
        'certificate',
        `${path}: ${reasonOf(error)}`,
        'a PEM file that this user may read is needed',
      );
    }
  }
}

const examineIdentity = async (config: Config): Promise<Finding> => {
  const { identity } = config;
  if (identity.driver === 'none')
    return warning(
      'identity',
      'identity.driver is none: everybody who reaches the API is an administrator',
      'set identity.driver to keystone',
    );
  if (identity.driver === 'lab') return ok('identity', 'the lab identity service');
  try {
    // Nobody has this token: that Keystone says so means that it accepts our own credentials.
    using keystone = createKeystoneClient(keystoneOptions(config, quietLogger(), systemClock));
    await keystone.validate('ovenbird-doctor', false);
    return ok('identity', `Keystone at ${identity.url} accepts the credentials`);
  } catch (error) {
    const advice = 'check identity.url, userName, password, projectName and that Keystone runs';
    return failed('identity', `Keystone at ${identity.url}: ${reasonOf(error)}`, advice);
  }
};

const examineApi = async ({ api }: Config): Promise<Finding> => {
  const scheme = api.tlsCertificate === '' ? 'http' : 'https';
  const host = api.host.includes(':') ? `[${api.host}]` : api.host;
  const url = `${scheme}://${host}:${api.port}/readyz`;
  try {
    const only = api.tlsCertificate === '' ? undefined : await readFile(api.tlsCertificate, 'utf8');
    using http = createJsonClient({ timeoutMs: PATIENCE_MS, only });
    const { status, body } = await http.send({ method: 'GET', url: new URL(url), headers: {} });
    return status === READY
      ? ok('api', `${url} says that it is ready`)
      : failed('api', `${url} answers ${status}: ${JSON.stringify(body)}`, 'see the parts above and its log');
  } catch (error) {
    return warning(
      'api',
      `${url}: ${reasonOf(error)}`,
      'start ovenbird serve, or see why it ended in its log',
    );
  }
};

/** What the service stands on and stands among: the runtime, certificates, the identity service, the API itself. */
export async function* examineSurroundings(config: Config): Findings {
  yield examineNode();
  yield* examineCertificates(config);
  yield* examineFiles(config);
  yield await examineIdentity(config);
  yield await examineApi(config);
}
