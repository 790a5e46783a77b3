/**
 * The oslo.policy rule language as a tree. Source: the "Policy files" page of oslo.policy's documentation and, for
 * `field:`, Neutron's own extension of it.
 */

/** A text with `%(attribute)s` holes, filled from the target. */
export interface Template {
  /** Before the first hole; all of it where there is none. */
  readonly start: string;
  /** Each with the text behind it. */
  readonly holes: readonly { readonly key: string; readonly text: string }[];
}

/** The left side of `left:right`: a constant, a path into the caller's credentials, or a template over the target. */
export type Operand =
  | { readonly from: 'literal'; readonly text: string }
  | { readonly from: 'credentials'; readonly path: readonly string[] }
  | { readonly from: 'target'; readonly template: Template };

/** `field:<collection>:<field>=<value>`, or `=~<pattern>`. */
export interface FieldCheck {
  readonly kind: 'field';
  readonly collection: string;
  readonly field: string;
  readonly expected: string | RegExp;
}

export type Check =
  /** `@`, or an empty rule. */
  | { readonly kind: 'always' }
  /** `!` */
  | { readonly kind: 'never' }
  | { readonly kind: 'and'; readonly parts: readonly Check[] }
  | { readonly kind: 'or'; readonly parts: readonly Check[] }
  | { readonly kind: 'not'; readonly part: Check }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'role'; readonly match: Template }
  /** `is_admin:True`: the outcome of the rule `context_is_admin`. */
  | { readonly kind: 'is_admin'; readonly expected: boolean }
  | FieldCheck
  | { readonly kind: 'compare'; readonly left: Operand; readonly right: Template };

/** A rule's text cannot be understood, or may not be used here. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';
}

/** Rule text of a template, for explanations. */
export const templateText = (template: Template): string =>
  template.holes.reduce((before, { key, text }) => `${before}%(${key})s${text}`, template.start);

const operandText = (operand: Operand): string => {
  switch (operand.from) {
    case 'literal':
      return `'${operand.text}'`;
    case 'credentials':
      return operand.path.join('.');
    case 'target':
      return templateText(operand.template);
  }
};

const expectedText = (expected: string | RegExp): string =>
  typeof expected === 'string' ? expected : `~${expected.source.slice('^(?:'.length, -1)}`;

/** The check as rule text: what an operator would write. */
export const checkText = (check: Check): string => {
  switch (check.kind) {
    case 'always':
      return '@';
    case 'never':
      return '!';
    case 'and':
    case 'or':
      return `(${check.parts.map(checkText).join(` ${check.kind} `)})`;
    case 'not':
      return `not ${checkText(check.part)}`;
    case 'rule':
      return `rule:${check.name}`;
    case 'role':
      return `role:${templateText(check.match)}`;
    case 'is_admin':
      return `is_admin:${check.expected ? 'True' : 'False'}`;
    case 'field':
      return `field:${check.collection}:${check.field}=${expectedText(check.expected)}`;
    case 'compare':
      return `${operandText(check.left)}:${templateText(check.right)}`;
  }
};
