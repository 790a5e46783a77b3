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
    original: /^(keys\.length === 1.*|key !== undefined|first === ''|rest\[0\] === '')$/,
    reason: 'a shortcut for templates that are one attribute; the way for all others gives the same',
  },
  {
    file: 'policy/compile.ts',
    original: /^(part === false|second === undefined)$/,
    replacement: /^false$/,
    reason: 'a shortcut: what follows decides the same, only later',
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
    file: 'policy/lexer.ts',
    original: /^end < text\.length$/,
    reason: 'behind the end there is no character, which counts as a space',
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
