/** Shows how far long work has come. */
export interface Progress extends Disposable {
  /** `done` of `all` are done. */
  readonly update: (done: number, all: number) => void;
}

const WIDTH = 30;

/** What a bar shows; `seconds` is the time since the beginning. */
export const barText = (label: string, done: number, all: number, seconds: number): string => {
  const share = all === 0 ? 1 : done / all;
  const full = Math.round(share * WIDTH);
  const rest = done === 0 ? '' : `, ${Math.ceil((seconds / done) * (all - done))} s left`;
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  return `${label} ${bar} ${Math.floor(share * 100)} % (${done}/${all}${done === all ? '' : rest})`;
};

/**
 * A bar on `stream`, which is redrawn in place on a terminal and silent elsewhere, so that logs and pipes stay clean.
 *
 * @param stream standard error by default: standard output is for results
 */
export const createProgress = (
  label: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): Progress => {
  const began = performance.now();
  let drawn = false;
  return {
    update(done, all) {
      if (!stream.isTTY) return;
      stream.write(`\r\u001b[K${barText(label, done, all, (performance.now() - began) / 1000)}`);
      drawn = true;
    },
    [Symbol.dispose]() {
      if (drawn) stream.write('\r\u001b[K');
    },
  };
};
