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

/** Shows a resource; undefined when it has an attribute that is absent in this shape, or lacks one. */
type Show = (resource: Dict) => Dict | undefined;

/** Resources of one shape after which a function of its own is worth compiling. */
const WORTH_COMPILING = 256;
/** Shapes of one presenter that are remembered: few attributes may be absent. */
const SHAPES = 8;

const shownValue = ({ attribute, derived }: Shown, resource: Dict): unknown =>
  derived === undefined ? resource[attribute] : derived.of(resource);

/** Copies of one object share its shape in V8's sense; what grows name by name becomes a hash table. */
const copying = (present: readonly Shown[], absent: readonly Shown[]): Show => {
  const blank: Dict = Object.fromEntries(present.map(({ as }): [string, unknown] => [as, null]));
  return (resource) => {
    const out: { [name: string]: unknown } = { ...blank };
    for (const one of present) {
      const value = shownValue(one, resource);
      if (value === undefined) return undefined;
      out[one.as] = value;
    }
    return absent.some((one) => shownValue(one, resource) !== undefined) ? undefined : out;
  };
};

/** As {@link copying}, spelled out. Names are those of definitions; quoted, they can be nothing but names. */
const compiled = (present: readonly Shown[], absent: readonly Shown[]): Show => {
  const derived: Derived[] = [];
  const textOf = (one: Shown): string =>
    one.derived === undefined
      ? `resource[${JSON.stringify(one.attribute)}]`
      : `derived[${derived.push(one.derived) - 1}].of(resource)`;
  const lines = [
    ...absent.map((one) => `if (${textOf(one)} !== undefined) return undefined;`),
    ...present.map(
      (one, index) => `const v${index} = ${textOf(one)}; if (v${index} === undefined) return undefined;`,
    ),
    `return { ${present.map(({ as }, index) => `${JSON.stringify(as)}: v${index}`).join(', ')} };`,
  ];
  const make = new Function('derived', `return (resource) => { ${lines.join('\n')} };`);
  // What the text says, the type says too.
  return make(derived) as Show;
};

/** Pages and programs may forbid code made of text; then the loop has to do. */
const compiledIfAllowed = (present: readonly Shown[], absent: readonly Shown[]): Show | undefined => {
  try {
    return compiled(present, absent);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
};

/** How resources are shown whose attributes are absent where those of `resource` are. */
const shapeOf = (shown: readonly Shown[], resource: Dict): Show => {
  const { present = [], absent = [] } = Object.groupBy(shown, (one) =>
    shownValue(one, resource) === undefined ? 'absent' : 'present',
  );
  let show = copying(present, absent);
  let count = 0;
  return (next) => {
    count += 1;
    if (count === WORTH_COMPILING) show = compiledIfAllowed(present, absent) ?? show;
    return show(next);
  };
};

/**
 * How a resource of one kind is shown: its visible attributes and their old names, without the `hidden` ones, cut to
 * `fields` if any are named. An attribute whose value is `undefined` is left out.
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
  const shapes: Show[] = [];
  return (resource) => {
    for (const show of shapes) {
      const out = show(resource);
      if (out !== undefined) return out;
    }
    const show = shapeOf(shown, resource);
    shapes.unshift(show);
    shapes.splice(SHAPES);
    const out = show(resource);
    if (out === undefined) throw new TypeError(`a ${definition.name} changed while it was shown`);
    return out;
  };
};
