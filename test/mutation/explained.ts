/** A change that no test can or should notice, and why. */
interface Explained {
  /** End of the file's path. */
  readonly file: string;
  /** In the text that is replaced. */
  readonly original: RegExp;
  readonly replacement?: RegExp;
  readonly reason: string;
}

const explained: readonly Explained[] = [];

/** Why nothing notices this change, if that is known. */
export const reasonFor = (file: string, original: string, replacement: string): string | undefined =>
  explained.find(
    (each) =>
      file.endsWith(each.file) &&
      each.original.test(original) &&
      (each.replacement === undefined || each.replacement.test(replacement)),
  )?.reason;
