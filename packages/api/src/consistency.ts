import type { Attribute } from './attribute.ts';
import type { ExtensionDefinition, MemberAction, ResourceDefinition } from './define.ts';
import { type PolicyVerb, ruleName, verbOf } from './policy-names.ts';

type AnyAttribute = ResourceDefinition['attributes'][string];

const repeated = (what: string, names: readonly string[]): string[] =>
  names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `${what} ${name} is declared twice`);

const writeVerbs = (
  definition: ResourceDefinition,
  attribute: Pick<Attribute, 'post' | 'put'>,
): PolicyVerb[] => [
  ...(attribute.post !== 'forbidden' && definition.operations.includes('create')
    ? (['create'] as const)
    : []),
  ...(attribute.put && definition.operations.includes('update') ? (['update'] as const) : []),
];

const attributeRules = (definition: ResourceDefinition, name: string, attribute: AnyAttribute): string[] => {
  const ends = [name, ...attribute.subPolicy.map((part) => `${name}:${part}`)];
  const writes = attribute.policy
    ? writeVerbs(definition, attribute).flatMap((verb) => ends.map((end) => ruleName(definition, verb, end)))
    : [];
  return attribute.readPolicy ? [...writes, ruleName(definition, 'get', name)] : writes;
};

const actionRules = ({ policy, guarded }: MemberAction): string[] =>
  guarded === undefined
    ? [policy]
    : [
        policy,
        ...['', ...guarded.subPolicy.map((part) => `:${part}`)].map(
          (end) => `${policy}:${guarded.attribute}${end}`,
        ),
      ];

/** Every policy rule that the engine will ask for, by full name. */
export const neededRules = (definition: ResourceDefinition): ReadonlySet<string> => {
  const verbs: readonly PolicyVerb[] = ['create', 'get', 'update', 'delete'];
  return new Set([
    ...definition.operations.map((operation) => ruleName(definition, verbOf(operation))),
    ...Object.entries(definition.attributes).flatMap(([name, attribute]) =>
      attributeRules(definition, name, attribute),
    ),
    ...Object.values(definition.actions ?? {}).flatMap(actionRules),
    ...(definition.taggable === true ? verbs.map((verb) => ruleName(definition, verb, 'tags')) : []),
  ]);
};

const ruleProblems = (definition: ResourceDefinition): string[] => {
  const needed = neededRules(definition);
  const declared = new Set(Object.keys(definition.rules));
  return [
    ...[...needed].filter((rule) => !declared.has(rule)).map((rule) => `${definition.name}: no rule ${rule}`),
    ...[...declared]
      .filter((rule) => !needed.has(rule))
      .map((rule) => `${definition.name}: rule ${rule} guards nothing`),
  ];
};

const referenceProblems = (definition: ResourceDefinition, all: readonly ResourceDefinition[]): string[] => {
  const problems: string[] = [];
  const has = (attribute: string): boolean => Object.hasOwn(definition.attributes, attribute);
  const known = (name: string): boolean => all.some((other) => other.name === name);
  const { parent, memberOf } = definition;
  if (parent !== undefined && !(known(parent.resource) && has(parent.attribute))) {
    problems.push(`${definition.name}: parent ${parent.resource} by ${parent.attribute} does not exist`);
  }
  if (memberOf !== undefined && !known(memberOf.resource)) {
    problems.push(`${definition.name}: member of ${memberOf.resource}, which does not exist`);
  }
  if (!has(definition.key ?? 'id'))
    problems.push(`${definition.name}: no attribute ${definition.key ?? 'id'}`);
  return problems;
};

const extensionProblems = (
  extension: ExtensionDefinition,
  aliases: ReadonlySet<string>,
  all: readonly ResourceDefinition[],
): string[] => {
  const problems = (extension.requires ?? [])
    .filter((alias) => !aliases.has(alias))
    .map((alias) => `${extension.alias}: requires ${alias}, which is not served`);
  for (const [name, attributes] of Object.entries(extension.attributes ?? {})) {
    if (name === 'standard') continue;
    const resource = all.find((candidate) => candidate.name === name);
    for (const attribute of Object.keys(attributes)) {
      if (resource?.attributes[attribute] !== attributes[attribute]) {
        problems.push(`${extension.alias}: ${name} does not have its attribute ${attribute}`);
      }
    }
  }
  return problems;
};

/** What is wrong with a set of definitions; empty when every name is unique and every rule and reference exists. */
export const inconsistencies = (
  all: readonly ResourceDefinition[],
  extensions: readonly ExtensionDefinition[],
  helperRules: { readonly [rule: string]: string },
): readonly string[] => {
  const aliases = new Set(extensions.map((extension) => extension.alias));
  const rules = Object.assign({}, helperRules, ...all.map((definition) => definition.rules));
  const referenced = Object.values<string>(rules).flatMap((rule) => [...rule.matchAll(/rule:([\w:]+)/g)]);
  return [
    ...repeated(
      'resource',
      all.map((definition) => definition.name),
    ),
    ...repeated(
      'collection',
      all.map((definition) => definition.collection),
    ),
    ...repeated(
      'path',
      all.map((definition) => `${definition.memberOf?.resource ?? ''}/${definition.path}`),
    ),
    ...repeated(
      'extension',
      extensions.map((extension) => extension.alias),
    ),
    ...repeated('rule', [helperRules, ...all.map((definition) => definition.rules)].flatMap(Object.keys)),
    ...all
      .filter((definition) => definition.alias !== 'core' && !aliases.has(definition.alias))
      .map((definition) => `${definition.name}: extension ${definition.alias} is not served`),
    ...referenced.flatMap(([, name]) =>
      name === undefined || Object.hasOwn(rules, name) ? [] : [`rule ${name} is named but not declared`],
    ),
    ...all.flatMap(ruleProblems),
    ...all.flatMap((definition) => referenceProblems(definition, all)),
    ...extensions.flatMap((extension) => extensionProblems(extension, aliases, all)),
  ];
};
