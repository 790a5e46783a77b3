import { attributeAliases } from './alias.ts';
import type { ResourceDefinition } from './define.ts';
import type { Dict } from './validators/dict.ts';

const aliasesOf = (name: string): string[] =>
  [...attributeAliases].filter(([, canonical]) => canonical === name).map(([alias]) => alias);

/**
 * How a resource of one kind is shown: its visible attributes and their old names, without the `hidden` ones, cut to
 * `fields` if any are named. An attribute whose value is `undefined` is left out. Made once for a request, it costs one
 * loop for each resource.
 *
 * @param options.fields names that the request asked for; empty or not given: all
 * @param options.hidden attributes that the caller may not read
 */
export const presenter = (
  definition: ResourceDefinition,
  options: { readonly fields?: readonly string[]; readonly hidden?: ReadonlySet<string> } = {},
): ((resource: Dict) => Dict) => {
  const wanted =
    options.fields !== undefined && options.fields.length > 0 ? new Set(options.fields) : undefined;
  const shown: { readonly as: string; readonly attribute: string }[] = [];
  for (const [attribute, { visible }] of Object.entries(definition.attributes)) {
    if (!visible || options.hidden?.has(attribute)) continue;
    for (const as of [attribute, ...aliasesOf(attribute)]) {
      if (wanted === undefined || wanted.has(as)) shown.push({ as, attribute });
    }
  }
  return (resource) => {
    const out: { [name: string]: unknown } = {};
    for (const { as, attribute } of shown) {
      const value = resource[attribute];
      if (value !== undefined) out[as] = value;
    }
    return out;
  };
};
