import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { filled } from '../../compare/fill.ts';
import { isObject, type Json } from '../../compare/json.ts';
import type { Step } from '../../compare/step.ts';
import {
  type ApiAnswer,
  type ApiService,
  startApiService,
} from '../../packages/server/src/testing/api-service.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { contentOf } from './content.ts';
import { aroundMore, moreAbsent, moreForeign } from './more-references.ts';
import { foreignNamesLeft, namesLeft } from './names.ts';
import { around, refusals } from './references.ts';

forEachDialect('what is absent, of others, or in use', (databases) => {
  let service: ApiService;
  let ask: (step: Step) => Promise<ApiAnswer>;
  const made = new Map<string, Json>();

  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    const personas = {
      admin: await service.persona('root', 'operations', ['admin']),
      demo: await service.persona('mia', 'demo', ['manager']),
    };
    for (const [name, { projectId }] of Object.entries(personas)) made.set(name, { id: projectId });
    ask = (step) => {
      const [path, body] = [filled(step.path, made), filled(step.body ?? null, made)];
      assert.ok(typeof path === 'string' && body !== undefined, `${step.path} names what is not there`);
      return personas[step.as].ask(step.method, path, body ?? undefined);
    };
    for (const step of [...around, ...aroundMore]) {
      const { status, body } = await ask(step);
      assert.ok(status < 300, `${step.method} ${step.path}: ${JSON.stringify(body)}`);
      const json: Json = body;
      const [only = null] = isObject(json) ? Object.values(json) : [];
      if (step.name !== undefined) made.set(step.name, only);
    }
  });
  after(() => service[Symbol.asyncDispose]());

  describe('is refused and changes nothing', () => {
    test('every attribute that names something names what is absent, and what is of others', () => {
      assert.deepEqual(namesLeft([...refusals, ...moreAbsent]), []);
      assert.deepEqual(foreignNamesLeft([...refusals, ...moreForeign]), []);
    });

    for (const { step, status, type } of [...refusals, ...moreAbsent, ...moreForeign]) {
      const label = step.label === undefined ? '' : ` (${step.label})`;
      test(`${step.as}: ${step.method} ${step.path}${label}: ${type}`, async () => {
        const earlier = await contentOf(service.app.database);
        const answer = await ask(step);
        assert.deepEqual(
          [answer.status, answer.body?.NeutronError?.type],
          [status, type],
          JSON.stringify(answer.body),
        );
        assert.equal(await contentOf(service.app.database), earlier);
      });
    }
  });
});
