import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { it } from 'node:test';
import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { doctorCommand } from './commands/doctor.ts';
import { ovnCommand } from './commands/ovn.ts';
import { timeoutOption } from './options.ts';

const named = (command: Command, name: string): Command =>
  command.commands.find((each) => each.name() === name) ?? assert.fail(name);

const waiting: readonly Command[] = [
  auditCommand(),
  doctorCommand(),
  named(ovnCommand(), 'diff'),
  named(ovnCommand(), 'repair'),
];

for (const command of waiting)
  it(`${command.name()} waits for a number of seconds and for nothing else`, async () => {
    const said: string[] = [];
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => void said.push(text) })
      .action(() => {});
    for (const text of ['abc', '', '-1', '0', '0.0', '1e3', '0x10', 'NaN', 'Infinity', '1 ', '86401'])
      await assert.rejects(
        command.parseAsync([`--timeout=${text}`], { from: 'user' }),
        (error) => error instanceof CommanderError && /a number of seconds, more than 0/.test(error.message),
        text,
      );
    assert.match(said.join(''), /option '--timeout <seconds>' argument 'abc' is invalid/);
    for (const [text, value] of [
      ['1', 1],
      ['0.25', 0.25],
      ['86400', 86_400],
    ] as const) {
      await command.parseAsync([`--timeout=${text}`], { from: 'user' });
      assert.equal(command.opts().timeout, value);
    }
  });

it('a command waits as long as it says when nothing is asked', async () => {
  const command = new Command().addOption(timeoutOption('for an answer', 7)).action(() => {});
  await command.parseAsync([], { from: 'user' });
  assert.equal(command.opts().timeout, 7);
});

it('an audit with arguments that cannot be has examined nothing, and found nothing', () => {
  const main = path.resolve(import.meta.dirname, 'main.ts');
  const ended = spawnSync(process.execPath, [main, 'audit', '--timeout', 'abc'], { encoding: 'utf8' });
  assert.deepEqual([ended.status, ended.stdout], [2, '']);
  assert.match(ended.stderr, /'--timeout <seconds>' argument 'abc' is invalid/);
});
