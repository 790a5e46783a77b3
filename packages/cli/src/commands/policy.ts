import { defaultPolicyRules } from '@ovenbird/api';
import {
  type Explanation,
  falseParts,
  loadConfiguration,
  loadPolicy,
  matrixPersonas,
  type Policy,
  plainContext,
  policyMatrix,
} from '@ovenbird/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { jsonOption } from '../options.ts';
import { tableLines } from '../table.ts';

interface Common {
  readonly config?: string;
  readonly json?: true;
}

interface Showing extends Common {
  readonly changed?: true;
}

type Pairs = { readonly [key: string]: string | boolean };

interface Checking extends Common {
  readonly role: readonly string[];
  readonly project: string;
  readonly user: string;
  readonly system?: true;
  readonly target: Pairs;
  readonly parent: Pairs;
}

/** Exit code of a check that says no. */
const DENIED = 2;
const LONGEST_RULE = 200;

const policyOf = async ({ config }: Common): Promise<Policy> =>
  loadPolicy((await loadConfiguration(config)).policy);

const originOf = (rule: string, text: string | undefined): 'default' | 'changed' | 'unused' => {
  const initial = Object.hasOwn(defaultPolicyRules, rule) ? defaultPolicyRules[rule] : undefined;
  if (initial === undefined) return 'unused';
  return initial === text ? 'default' : 'changed';
};

const requireRules = (policy: Policy, names: readonly string[]): void => {
  const missing = names.filter((name) => !policy.has(name));
  if (missing.length > 0) throw new Error(`no such rule: ${missing.join(', ')}; without a rule it is denied`);
};

const show = async (names: readonly string[], options: Showing): Promise<void> => {
  const policy = await policyOf(options);
  requireRules(policy, names);
  const rules = (names.length > 0 ? names : Object.keys(policy.rules))
    .map((rule) => ({ rule, text: policy.rules[rule] ?? '', origin: originOf(rule, policy.rules[rule]) }))
    .filter(({ origin }) => options.changed !== true || origin !== 'default');
  if (options.json === true) {
    console.log(
      JSON.stringify(
        rules.map((each) => ({ ...each, default: defaultPolicyRules[each.rule] ?? null })),
        undefined,
        2,
      ),
    );
    return;
  }
  const rows = rules.map(({ rule, text, origin }) => [rule, origin, text === '' ? '@' : text]);
  console.log(tableLines(['RULE', 'FROM', 'TEXT'], rows, LONGEST_RULE).join('\n'));
};

const treeLines = (explanation: Explanation, depth = 0): readonly string[] => [
  `${'  '.repeat(depth)}${explanation.holds ? 'yes' : 'no '} ${explanation.check}${
    explanation.reason === undefined ? '' : `  (${explanation.reason})`
  }`,
  ...explanation.parts.flatMap((part) => treeLines(part, depth + 1)),
];

const check = async (rule: string, options: Checking): Promise<void> => {
  const policy = await policyOf(options);
  const facts = Object.entries(options.parent).map(
    ([name, project]) =>
      [name, { projectId: String(project), shared: options.target.shared === true }] as const,
  );
  const caller = policy.caller(
    plainContext({
      userId: options.user,
      userName: options.user,
      projectId: options.project,
      roles: options.role,
      systemScope: options.system === true,
    }),
  );
  const explanation = caller.explain(rule, {
    attributes: { project_id: options.project, ...options.target },
    parents: Object.fromEntries(facts),
  });
  const needed = falseParts(explanation);
  if (options.json === true) {
    console.log(
      JSON.stringify({ rule, allowed: explanation.holds, falseParts: needed, explanation }, undefined, 2),
    );
  } else {
    console.log(treeLines(explanation).join('\n'));
    console.log(
      explanation.holds ? 'allowed' : `denied: none of these holds: ${[...new Set(needed)].join('; ')}`,
    );
  }
  if (!explanation.holds) process.exitCode = DENIED;
};

const matrix = async (options: Common): Promise<void> => {
  const rows = policyMatrix(await policyOf(options));
  const names = matrixPersonas.map(({ name }) => name);
  if (options.json === true) {
    const plain = rows.map(({ rule, allowed }) => ({
      rule,
      ...Object.fromEntries(names.map((name, index) => [name, allowed[index] === true])),
    }));
    console.log(JSON.stringify(plain, undefined, 2));
    return;
  }
  const cells = rows.map(({ rule, allowed }) => [rule, ...allowed.map((each) => (each ? 'yes' : '-'))]);
  console.log(
    tableLines(['RULE', ...names.map((name) => name.toUpperCase())], cells, LONGEST_RULE).join('\n'),
  );
};

const configOption = () =>
  new Option('--config <file>', 'configuration of the service; its policy.file holds the changes');

const pair = (given: string, before: Pairs): Pairs => {
  const at = given.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write name=value');
  const value = given.slice(at + 1);
  return { ...before, [given.slice(0, at)]: value === 'True' || value === 'true' ? true : value };
};
const collect = (given: string, before: readonly string[]): readonly string[] => [...before, given];

/** `ovenbird policy`: what the rules are, and why they decide as they do. Asks neither the service nor a database. */
export const policyCommand = (): Command =>
  new Command('policy')
    .description('Show and explain who may do what')
    .addCommand(
      new Command('show')
        .description('Show rules: their text, and whether it is the default, changed, or used by nothing')
        .argument('[rule...]', 'only these')
        .option('--changed', 'only what is not the default')
        .addOption(configOption())
        .addOption(jsonOption())
        .action(show),
    )
    .addCommand(
      new Command('check')
        .description(`Explain the decision of one rule, part by part; exit code ${DENIED} when it says no`)
        .argument('<rule>', 'name of the rule, such as create_port:mac_address')
        .option('--role <role>', 'a role of the caller; may be repeated', collect, [])
        .option(
          '--project <id>',
          'project of the caller, and of the object unless --target says otherwise',
          'p',
        )
        .option('--user <id>', 'id of the caller', 'u')
        .option('--system', 'the caller has system scope')
        .option('--target <attribute=value>', 'an attribute of the object; may be repeated', pair, {})
        .option(
          '--parent <kind=project>',
          'project of a parent, such as network=ID; may be repeated',
          pair,
          {},
        )
        .addOption(configOption())
        .addOption(jsonOption())
        .action(check),
    )
    .addCommand(
      new Command('matrix')
        .description('Show every rule for every kind of caller, about an object of the project "own"')
        .addOption(configOption())
        .addOption(jsonOption())
        .action(matrix),
    );
