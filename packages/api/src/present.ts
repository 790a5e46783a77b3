import { attributeAliases } from './alias.ts';
import type { ResourceDefinition } from './define.ts';
import type { Dict } from './validators/dict.ts';

const aliasesOf = (name: string): string[] =>
  [...attributeAliases].filter(([, canonical]) => canonical === name).map(([alias]) => alias);

/** An attribute of answers that is worked out from others instead of being stored. */
export interface Derived<R = Dict> {
  /** Attributes that it is worked out from. */
  readonly reads: readonly string[];
  of(resource: R): unknown;
}

interface Shown {
  readonly as: string;
  readonly attribute: string;
  readonly derived: Derived | undefined;
}

const shownValue = ({ attribute, derived }: Shown, resource: Dict): unknown =>
  derived === undefined ? resource[attribute] : derived.of(resource);

/** What resources look like whose attributes are absent where those of an earlier one were. */
interface Shape {
  readonly shown: readonly (Shown & { readonly absent: boolean })[];
  /** To be copied and filled: copies share one shape in V8's sense; what grows name by name becomes a hash table. */
  readonly blank: Dict;
}

const shapeOf = (shown: readonly Shown[], resource: Dict): Shape => {
  const known = shown.map((one) => ({ ...one, absent: shownValue(one, resource) === undefined }));
  const names = known.filter(({ absent }) => !absent).map(({ as }): [string, unknown] => [as, null]);
  return { shown: known, blank: Object.fromEntries(names) };
};

/**
 * How a resource of one kind is shown: its visible attributes and their old names, without the `hidden` ones, cut to
 * `fields` if any are named. An attribute whose value is `undefined` is left out. Made once for a request, it costs one
 * loop for each resource.
 *
 * @param options.fields names that the request asked for; empty or not given: all
 * @param options.hidden attributes that the caller may not read
 * @param options.derived attributes that the resource does not have by itself
 */
export const presenter = (
  definition: ResourceDefinition,
  options: {
    readonly fields?: readonly string[];
    readonly hidden?: ReadonlySet<string>;
    readonly derived?: { readonly [attribute: string]: Derived };
  } = {},
): ((resource: Dict) => Dict) => {
  const wanted =
    options.fields !== undefined && options.fields.length > 0 ? new Set(options.fields) : undefined;
  const shown: Shown[] = [];
  for (const [attribute, { visible }] of Object.entries(definition.attributes)) {
    if (!visible || options.hidden?.has(attribute)) continue;
    const derived = options.derived?.[attribute];
    for (const as of [attribute, ...aliasesOf(attribute)]) {
      if (wanted === undefined || wanted.has(as)) shown.push({ as, attribute, derived });
    }
  }
  let shape: Shape | undefined;
  const present = (resource: Dict): Dict => {
    shape ??= shapeOf(shown, resource);
    const out: { [name: string]: unknown } = { ...shape.blank };
    for (const one of shape.shown) {
      const value = shownValue(one, resource);
      if ((value === undefined) !== one.absent) {
        shape = undefined;
        return present(resource);
      }
      if (!one.absent) out[one.as] = value;
    }
    return out;
  };
  return present;
};
