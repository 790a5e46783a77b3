import { openApiDocument, resources } from '@ovenbird/api';
import type { Asked } from './cases.ts';

/** A tag by its name is guarded as the tags of its object are, by one code for all; networks stand for the others. */
const SAME = /^(?!\/v2\.0\/networks\/).*\/tags\/\{tag\}$/;

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);

/** Every operation that the definitions of the resources make. */
const operations: readonly Operation[] = Object.entries(Object(openApiDocument(resources, '')).paths)
  .filter(([path]) => !SAME.test(path))
  .flatMap(([path, methods]) =>
    Object.keys(Object(methods))
      .filter((method) => method !== 'parameters')
      .map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        pattern: patternOf(path),
      })),
  );

/** Keeps account of which operations were asked for. */
export interface Coverage {
  note(asked: Asked): void;
  /** Those that never were. */
  left(): readonly string[];
}

export const createCoverage = (): Coverage => {
  const left = new Set(operations);
  return {
    note({ method, path }) {
      const plain = `/v2.0/${path.split('?')[0]}`;

      for (const one of left) if (one.method === method && one.pattern.test(plain)) left.delete(one);
    },
    left: () => [...left].map(({ name }) => name),
  };
};
