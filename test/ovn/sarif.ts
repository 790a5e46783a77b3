import assert from 'node:assert/strict';

/** What tests look at of a result. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: { readonly [name: string]: string };
}

interface Rule {
  readonly id: string;
  readonly helpUri: string;
  readonly shortDescription: { readonly text: string };
  readonly defaultConfiguration: { readonly level: string };
}

const LEVELS = ['none', 'note', 'warning', 'error'];
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const onlyKeys = (object: object, known: readonly string[]): void =>
  assert.deepEqual(
    Object.keys(object).filter((key) => !known.includes(key)),
    [],
  );

const requireRule = (rule: Rule): void => {
  assert.match(rule.id, /^[a-z0-9-]+$/);
  assert.ok(URL.canParse(rule.helpUri));
  assert.ok(rule.shortDescription.text.length > 0 && LEVELS.includes(rule.defaultConfiguration.level));
};

const requireResult = (result: SarifResult, rules: readonly Rule[]): void => {
  assert.equal(rules[result.ruleIndex]?.id, result.ruleId);
  assert.ok(LEVELS.includes(result.level) && result.message.text.length > 0);
  assert.ok(result.locations[0]?.logicalLocations[0]?.fullyQualifiedName);
  assert.match(Object.values(result.partialFingerprints)[0] ?? '', /^[0-9a-f]{64}$/);
};

/** Check a document against what SARIF 2.1.0 (sections 3.13 to 3.52) asks of the parts that we write; its results. */
export const requireSarif = (document: {
  readonly $schema: string;
  readonly version: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is under test
  readonly runs: readonly any[];
}): readonly SarifResult[] => {
  onlyKeys(document, ['$schema', 'version', 'runs']);
  assert.equal(document.version, '2.1.0');
  assert.equal(document.runs.length, 1);
  const [run] = document.runs;
  onlyKeys(run, ['tool', 'taxonomies', 'invocations', 'results']);
  const { driver } = run.tool;
  assert.ok(driver.name.length > 0);
  assert.match(driver.semanticVersion, /^\d+\.\d+\.\d+/);
  const rules: readonly Rule[] = driver.rules;
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  rules.forEach(requireRule);
  const [invocation] = run.invocations;
  assert.equal(typeof invocation.executionSuccessful, 'boolean');
  assert.match(invocation.startTimeUtc, UTC);
  assert.match(invocation.endTimeUtc, UTC);
  for (const each of invocation.toolExecutionNotifications)
    assert.equal(rules[each.associatedRule.index]?.id, each.associatedRule.id);
  const results: readonly SarifResult[] = run.results;
  for (const result of results) requireResult(result, rules);
  return results;
};
