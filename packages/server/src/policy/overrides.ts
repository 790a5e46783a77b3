import { readFile } from 'node:fs/promises';
import { type Document, parseDocument } from 'yaml';
import { PolicySyntaxError } from './check.ts';
import type { Rules } from './policy.ts';

/** Rules written as lists: the outer list is an `or`, an inner one an `and`. An old form that files still have. */
const listRule = (name: string, value: readonly unknown[]): string => {
  const alternatives = value.map((entry) => {
    const checks: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    if (!checks.every((check) => typeof check === 'string')) {
      throw new PolicySyntaxError(`policy rule '${name}': a list may hold only checks and lists of checks`);
    }
    return checks.length === 0 ? '@' : `(${checks.join(' and ')})`;
  });
  return alternatives.length === 0 ? '@' : alternatives.join(' or ');
};

const contentOf = (document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new PolicySyntaxError('the policy file may hold no aliases', { cause: error });
  }
};

/** The text of a policy file (YAML, of which JSON is a part) → rules. Throws PolicySyntaxError. */
export const parseOverrides = (text: string): Rules => {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new PolicySyntaxError(`the policy file is not YAML: ${problem.message}`);
  const content = contentOf(document);
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new PolicySyntaxError('the policy file must map rule names to rules');
  }
  const rules: [string, string][] = [];
  for (const [name, value] of Object.entries(content)) {
    if (typeof value === 'string') rules.push([name, value]);
    else if (Array.isArray(value)) rules.push([name, listRule(name, value)]);
    else
      throw new PolicySyntaxError(
        `policy rule '${name}': a rule is a text; write '@' for everybody and '!' for nobody`,
      );
  }
  return Object.fromEntries(rules);
};

/** Read overrides from a file of the reference's `policy.yaml` format. */
export const readOverrides = async (path: string): Promise<Rules> =>
  parseOverrides(await readFile(path, 'utf8'));
