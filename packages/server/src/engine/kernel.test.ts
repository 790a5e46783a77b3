import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, HTTPForbidden, OutcomeUnknown, ServiceUnavailable } from '@ovenbird/api';
import { afterCommit } from './kernel.ts';

const thrownBy = async (error: unknown): Promise<unknown> =>
  afterCommit(() => Promise.reject(error)).then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );

describe('what comes after a commit', () => {
  it('gives its result', async () => {
    assert.equal(await afterCommit(async () => 7), 7);
  });

  it('refuses as it likes', async () => {
    const refusal = HTTPForbidden({ message: 'no' });
    assert.equal(await thrownBy(refusal), refusal);
  });

  for (const cause of [new Error('disk'), ServiceUnavailable(), OutcomeUnknown()])
    it(`does not look as if nothing had been changed after: ${cause.message.slice(0, 40)}`, async () => {
      const thrown = await thrownBy(cause);
      assert.ok(thrown instanceof ApiError);
      assert.equal(thrown.status, 500);
      assert.match(thrown.message, /^The change was made, but/);
      assert.equal(thrown.cause, cause);
    });
});
