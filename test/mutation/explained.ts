/** A change that no test can or should notice, and why. */
interface Explained {
  /** End of the file's path. */
  readonly file: string;
  /** In the text that is replaced. */
  readonly original: RegExp;
  readonly replacement?: RegExp;
  readonly reason: string;
}

const explained: readonly Explained[] = [
  ...['drop-group', 'gateway-group', 'router-routes', 'router-snat', 'routing-qos', 'security-group'].map(
    (name): Explained => ({
      file: `desired/${name}.ts`,
      original: /^''$/,
      replacement: /Stryker/,
      reason:
        'rows that are made here have a UUID; only the type, for the one row of NB_Global, knows of none',
    }),
  ),
  {
    file: 'desired/acl-log.ts',
    original: /^aclUuid\.slice\(0, 8\)$/,
    reason: 'parsing a number stops at the hyphen after the eighth digit anyway',
  },
  {
    file: 'desired/port-qos.ts',
    original: /^minimum === undefined$/,
    replacement: /^false$/,
    reason: 'a queue is made only where a minimum is promised; the condition is there for the compiler',
  },
  {
    file: 'policy/compile.ts',
    original: /^(part === false|tests\.length < 2)$/,
    replacement: /^false$/,
    reason: 'a shortcut: what follows decides the same, only later',
  },
  {
    file: 'policy/compile.ts',
    original: /^(role|text) !== undefined$/,
    replacement: /^true$/,
    reason: 'for the compiler: no set of roles and no list of texts holds what is not there',
  },
  {
    file: 'policy/compile.ts',
    original: /^\[\]$/,
    replacement: /Stryker/,
    reason: 'the path of a search for circles: only names of rules are looked for in it',
  },
  {
    file: 'policy/compile.ts',
    original: /^done\.(has|add)\(name\);?$/,
    reason: 'spares visiting a rule twice; circles are found without it',
  },
  {
    file: 'policy/policy.ts',
    original: /^(known !== undefined|before !== undefined|this\.#outcomes\.set.*|known\.set.*)$/,
    reason: 'remembers what would be worked out again with the same result',
  },
  {
    file: 'policy/parser.ts',
    original: /^at < text\.length$/,
    replacement: /^at <= text\.length$/,
    reason: 'behind the end there is no character, so neither a parenthesis nor a colon',
  },
  {
    file: 'drivers/type/id-range.ts',
    original: /^first === undefined$/,
    replacement: /^false$/,
    reason: 'for the compiler: a text that is split has a first part',
  },
  {
    file: 'ipam/random.ts',
    original: /^bound < LARGEST_INT$/,
    replacement: /^false$/,
    reason: 'a faster way to the same distribution',
  },
  {
    file: 'ipam/random.ts',
    original: /^(bound - 1n|bits \/ 8)$/,
    reason: 'more bits are drawn than are needed, and masked or thrown away',
  },
  {
    file: 'ipam/random.ts',
    original: /^value < bound$/,
    replacement: /^value <= bound$/,
    reason: 'one value more among 2 ** 48 and more',
  },
  {
    file: 'ipam/allocate.ts',
    original: /^subnet === undefined$/,
    replacement: /^false$/,
    reason: 'for the compiler: without a subnet there is no pool',
  },
  {
    file: 'network/create.ts',
    original: /^wanted\.length === 0$/,
    replacement: /^false$/,
    reason: 'spares reading zones that nobody asked for',
  },
  {
    file: 'network/store.ts',
    original: /^(texts|numbers)\.length > 0$/,
    reason: 'an empty list matches nothing; PostgreSQL refuses one of the wrong type, and tests there notice',
  },
  {
    file: 'network/store.ts',
    original: /^(values\.filter\(.*\)|typeof value === '(string|number)')$/,
    replacement: /^(values|true)$/,
    reason:
      'for the compiler: what is asked of one attribute is of one type, and null in a list matches nothing',
  },
  {
    file: 'network/store.ts',
    original: /^\[\]$/,
    replacement: /Stryker/,
    reason: 'where no segments were read: a text has no attribute of a segment, so null is shown as well',
  },
  {
    file: 'network/update.ts',
    original: /^segment === undefined$/,
    replacement: /^false$/,
    reason: 'for the compiler: one segment is one',
  },
  {
    file: 'ipam/allocate.ts',
    original: /^slot !== undefined$/,
    replacement: /^true$/,
    reason: 'for the compiler: no more addresses are found than are asked for, one for each slot',
  },
  {
    file: 'ipam/prefix-set.ts',
    original: /^range\.last > last\.last$/,
    replacement: /^range\.last >= last\.last$/,
    reason: 'an end is put in place of itself',
  },
];

/** Why nothing notices this change, if that is known. */
export const reasonFor = (file: string, original: string, replacement: string): string | undefined =>
  explained.find(
    (each) =>
      file.endsWith(each.file) &&
      each.original.test(original) &&
      (each.replacement === undefined || each.replacement.test(replacement)),
  )?.reason;
