import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/** One change to one place of a source. */
export interface Mutant {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Lines and columns from 0. */
interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Instrumented {
  /** Sources with every mutant behind a switch, by URL. */
  readonly sources: { readonly [url: string]: string };
  readonly mutants: readonly Mutant[];
  readonly originals: ReadonlyMap<string, string>;
}

/** As much of Stryker's instrumenter as is used here. */
interface Stryker {
  readonly Instrumenter: new (
    logger: object,
  ) => {
    instrument(
      files: readonly { name: string; mutate: boolean; content: string }[],
      options: object,
    ): Promise<{
      readonly files: readonly { readonly name: string; readonly content: string }[];
      readonly mutants: readonly Mutant[];
    }>;
  };
}

const quiet = {
  isDebugEnabled: () => false,
  debug: () => undefined,
  info: () => undefined,
  warn: (...words: unknown[]) => console.warn(...words),
};

/** In: paths of sources. Out: the same with all mutants of Stryker's usual kinds. Needs this folder's own packages. */
export const instrument = async (files: readonly string[]): Promise<Instrumented> => {
  // Not a literal: the packages of this folder are not there when the project is checked.
  const name = '@stryker-mutator/instrumenter';
  const { Instrumenter }: Stryker = await import(name);
  const originals = new Map<string, string>();
  for (const file of files) originals.set(file, await readFile(file, 'utf8'));
  const given = [...originals].map(([file, content]) => ({ name: file, mutate: true, content }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { files: made, mutants } = await new Instrumenter(quiet).instrument(given, options);
  const sources = Object.fromEntries(made.map((file) => [pathToFileURL(file.name).href, file.content]));
  return { sources, mutants, originals };
};
