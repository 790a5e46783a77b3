import assert from 'node:assert/strict';
import type { Clouds } from './clouds.ts';

/** An object as `-f json` prints it. */
export type Shown = { readonly [field: string]: unknown };

/** The `openstack` command for the clouds that `clouds` gives once they are open; words are split at spaces. */
export const openstackCommand = (clouds: () => Clouds) => {
  const ask = (cloud: string, words: string) =>
    clouds().client(['/usr/bin/openstack', '--os-cloud', cloud, ...words.split(' ')]);
  /** Its output. Throws on an error, with what it said. */
  const openstack = async (cloud: string, words: string): Promise<string> => {
    const { code, stdout, stderr } = await ask(cloud, words);
    assert.equal(code, 0, `openstack ${words}: ${stderr}`);
    return stdout;
  };
  return {
    openstack,
    show: async (cloud: string, words: string): Promise<Shown> =>
      JSON.parse(await openstack(cloud, `${words} -f json`)),
    list: async (cloud: string, words: string): Promise<readonly Shown[]> =>
      JSON.parse(await openstack(cloud, `${words} -f json`)),
    /** It must fail and say `what`. */
    refused: async (cloud: string, words: string, what: RegExp): Promise<void> => {
      const { code, stderr } = await ask(cloud, words);
      assert.notEqual(code, 0, words);
      assert.match(stderr, what);
    },
  };
};
