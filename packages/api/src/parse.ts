import { canonicalName } from './alias.ts';
import type { Attribute, PostRule } from './attribute.ts';
import type { CreateOf, ResourceDefinition, UpdateOf } from './define.ts';
import { display } from './display.ts';
import { HTTPBadRequest } from './errors/request.ts';
import type { ApiError } from './errors.ts';
import { type Dict, isDict } from './validators/dict.ts';

/** A request body that its definition accepted. */
export interface ParsedBody<T> {
  /** What to store: parsed values and, on POST, the initial values of what was not given. */
  readonly body: T;
  /** Names of the attributes that the request gave (`project_id` where it said `tenant_id`). */
  readonly given: ReadonlySet<string>;
  /**
   * Ends of the policy rules that guard this request: `mac_address`, `fixed_ips:ip_address`, … for the rules
   * `create_port:mac_address`, `create_port:fixed_ips:ip_address`. On POST a value equal to the initial one is not among
   * them, as in the reference.
   */
  readonly guarded: readonly string[];
  /** The values as they came. */
  readonly raw: Dict;
}

type AnyAttribute = Attribute<unknown, PostRule, boolean, boolean, unknown>;

interface CompiledBody {
  readonly attributes: ReadonlyMap<string, AnyAttribute>;
  readonly required: readonly string[];
  readonly initial: Dict;
}

type Method = 'POST' | 'PUT';

const compiled = new WeakMap<ResourceDefinition, CompiledBody>();

const compile = (definition: ResourceDefinition): CompiledBody => {
  const attributes = new Map<string, AnyAttribute>(Object.entries(definition.attributes));
  const initial: { [name: string]: unknown } = {};
  for (const [name, attribute] of attributes) {
    if (attribute.post === 'optional') initial[name] = Object.freeze(attribute.initial);
  }
  const required = [...attributes]
    .filter(([, attribute]) => attribute.post === 'required')
    .map(([name]) => name);
  return { attributes, required, initial };
};

const compiledOf = (definition: ResourceDefinition): CompiledBody => {
  const known = compiled.get(definition);
  if (known !== undefined) return known;
  const fresh = compile(definition);
  compiled.set(definition, fresh);
  return fresh;
};

const bad = (message: string): ApiError => HTTPBadRequest({ message });

/** The object under the resource's key. Throws a 400 where there is none. */
const resourceObject = (definition: ResourceDefinition, body: unknown): Dict => {
  if (!isDict(body)) throw bad('Body contains invalid data');
  if (Object.keys(body).length === 0) throw bad('Resource body required');
  const given = Object.hasOwn(body, definition.name) ? body[definition.name] : undefined;
  if (given === undefined || given === null) throw bad(`Unable to find '${definition.name}' in request body`);
  if (!isDict(given)) throw bad(`Object '${definition.name}' contains invalid data`);
  return given;
};

/** The given values by attribute name. Throws a 400 for unknown names and for two names of one attribute that differ. */
const recognized = (definition: CompiledBody, raw: Dict): Map<string, unknown> => {
  const values = new Map<string, unknown>();
  let unknown: string[] | undefined;
  for (const key of Object.keys(raw)) {
    const name = canonicalName(key);
    if (!definition.attributes.has(name)) {
      unknown ??= [];
      unknown.push(key);
    } else if (values.has(name) && values.get(name) !== raw[key]) {
      throw bad(`'${name}' and 'tenant_id' do not match`);
    } else {
      values.set(name, raw[key]);
    }
  }
  if (unknown !== undefined) throw bad(`Unrecognized attribute(s) '${display(unknown.join(', '))}'`);
  return values;
};

const checkAllowed = (
  definition: CompiledBody,
  values: ReadonlyMap<string, unknown>,
  method: Method,
): void => {
  for (const name of values.keys()) {
    const attribute = definition.attributes.get(name);
    if (method === 'POST' && attribute?.post === 'forbidden')
      throw bad(`Attribute '${name}' not allowed in POST`);
    if (method === 'PUT' && attribute?.put === false) throw bad(`Cannot update read-only attribute ${name}`);
  }
  if (method === 'PUT') return;
  for (const name of definition.required) {
    if (!values.has(name)) throw bad(`Failed to parse request. Required attribute '${name}' not specified`);
  }
};

const parseValue = (name: string, attribute: AnyAttribute, value: unknown): unknown => {
  const parsed = attribute.type.parse(value);
  if (parsed.ok) return parsed.value;
  throw parsed.error ?? bad(`Invalid input for ${name}. Reason: ${parsed.reason}.`);
};

/** Ends of the rules that guard a value: the attribute's own, then one for each guarded key in it or in its elements. */
export const guardsOf = (name: string, subPolicy: readonly string[], raw: unknown): readonly string[] => {
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const named = subPolicy.filter((part) => items.some((item) => isDict(item) && Object.hasOwn(item, part)));
  return [name, ...named.map((part) => `${name}:${part}`)];
};

/** On POST a value equal to the initial one needs no right: it says nothing that was not so. */
const isInitial = (attribute: AnyAttribute, value: unknown): boolean =>
  attribute.hasInitial &&
  (value === attribute.initial ||
    (Array.isArray(value) &&
      Array.isArray(attribute.initial) &&
      value.length + attribute.initial.length === 0));

const parseObject = (definition: ResourceDefinition, raw: Dict, method: Method): ParsedBody<Dict> => {
  const known = compiledOf(definition);
  const values = recognized(known, raw);
  checkAllowed(known, values, method);
  const body: { [name: string]: unknown } = method === 'POST' ? { ...known.initial } : {};
  const guarded: string[] = [];
  for (const [name, value] of values) {
    const attribute = known.attributes.get(name);
    if (attribute === undefined) continue;
    body[name] = parseValue(name, attribute, value);
    const needless = method === 'POST' && isInitial(attribute, body[name]);
    if (attribute.policy && !needless) guarded.push(...guardsOf(name, attribute.subPolicy, value));
  }
  return { body, given: new Set(values.keys()), guarded, raw };
};

/**
 * A POST body with one resource, `{"port": {…}}`.
 *
 * @throws ApiError 400 `HTTPBadRequest` for an unknown, forbidden or missing attribute and for a wrong value, or the
 *   error that the attribute's type names.
 */
export const parseCreate = <const D extends ResourceDefinition>(
  definition: D,
  body: unknown,
): ParsedBody<CreateOf<D>> =>
  // parseObject put exactly the attributes in that CreateOf derives from the same table.
  parseObject(definition, resourceObject(definition, body), 'POST') as ParsedBody<CreateOf<D>>;

/** A PUT body with one resource: only what the request named. Throws as {@link parseCreate} does. */
export const parseUpdate = <const D extends ResourceDefinition>(
  definition: D,
  body: unknown,
): ParsedBody<UpdateOf<D>> => {
  if (isBulk(definition, body)) throw bad('Bulk operation not supported');
  // parseObject put only attributes in that PUT may change, which is what UpdateOf derives.
  return parseObject(definition, resourceObject(definition, body), 'PUT') as ParsedBody<UpdateOf<D>>;
};

/** Whether a body has the resource's plural key, so that {@link parseBulk} is the one to read it. */
export const isBulk = (definition: ResourceDefinition, body: unknown): boolean =>
  isDict(body) &&
  Object.hasOwn(body, definition.collection) &&
  (definition.collection !== definition.name || Array.isArray(body[definition.collection]));

/**
 * A POST body with several resources, `{"ports": [{…}, …]}`; items may be wrapped as `{"port": {…}}`. Throws as
 * {@link parseCreate} does, for the first item at fault, and for an empty list.
 */
export const parseBulk = <const D extends ResourceDefinition>(
  definition: D,
  body: unknown,
): readonly ParsedBody<CreateOf<D>>[] => {
  if (!isDict(body) || !isBulk(definition, body)) throw bad('Body contains invalid data');
  const items = body[definition.collection];
  if (!Array.isArray(items)) throw bad(items ? 'Body contains invalid data' : 'Resources required');
  if (items.length === 0) throw bad('Resources required');
  return items.map((item) => {
    if (!isDict(item)) throw bad('Body contains invalid data');
    return parseCreate(definition, Object.hasOwn(item, definition.name) ? item : { [definition.name]: item });
  });
};
