/** What may stand in a table. */
export type Cell = string | number | undefined;

// A table must not be torn by what somebody wrote into a name, nor may it steer the terminal.
const shown = (cell: Cell, longest: number): string => {
  const text = cell === undefined ? '-' : String(cell).replaceAll(/\p{Cc}/gu, '·');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
};

/**
 * Lines of a table with a heading, columns aligned, long cells cut.
 *
 * @param longest characters of a cell
 */
export const tableLines = (
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  longest = 60,
): readonly string[] => {
  const lines = [headings, ...rows.map((row) => row.map((cell) => shown(cell, longest)))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** Time since an instant in the largest unit that fits: `3 s`, `12 min`, `5 h`, `2 d`. */
export const ageText = (since: string | undefined, now: number): Cell => {
  if (since === undefined) return undefined;
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
};
