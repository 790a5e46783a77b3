import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type CommandResult, systemEnvironment } from '../../packages/server/src/lab/command.ts';
import type { Clouds } from './clouds.ts';

/** An object as `-f json` prints it. */
export type Shown = { readonly [field: string]: unknown };

/** The `openstack` command. Words are split at spaces; disposing ends what runs it. */
export interface OpenstackCommand extends AsyncDisposable {
  /** Its output. Throws on an error, with what it said. */
  openstack(cloud: string, words: string): Promise<string>;
  show(cloud: string, words: string): Promise<Shown>;
  list(cloud: string, words: string): Promise<readonly Shown[]>;
  /** It must fail and say `what`. */
  refused(cloud: string, words: string, what: RegExp): Promise<void>;
}

/** Debian's client for those clouds, one command at a time. */
export const openstackCommand = (clouds: Clouds): OpenstackCommand => {
  const child = spawn('/usr/bin/python3', [path.join(import.meta.dirname, 'openstack_commands.py')], {
    env: systemEnvironment(clouds.environment),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (cloud: string, words: string): Promise<CommandResult> => {
    child.stdin.write(`${JSON.stringify(['--os-cloud', cloud, ...words.split(' ')])}\n`);
    const answer = await answers.next();
    if (answer.done) throw new Error(`openstack ${words}: what runs the commands has ended`);
    return JSON.parse(answer.value);
  };
  const openstack: OpenstackCommand['openstack'] = async (cloud, words) => {
    const { code, stdout, stderr } = await ask(cloud, words);
    assert.equal(code, 0, `openstack ${words}: ${stderr}`);
    return stdout;
  };
  return {
    openstack,
    show: async (cloud, words) => JSON.parse(await openstack(cloud, `${words} -f json`)),
    list: async (cloud, words) => JSON.parse(await openstack(cloud, `${words} -f json`)),
    refused: async (cloud, words, what) => {
      const { code, stderr } = await ask(cloud, words);
      assert.notEqual(code, 0, words);
      assert.match(stderr, what);
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await exited;
    },
  };
};
