/** Where long work tells a person what it does. The command line prints it to stderr. */
export interface Progress {
  /** One line that stands for itself: "wait for another harborwright that makes registry 3.1.1". */
  note(line: string): void;
  /**
   * Shows that work goes on until it ends, and how long it took.
   * @param what - the work, beginning with a verb: "make registry 3.1.1 from Go modules"
   * @param about - how long it usually takes: "1 min". @default - it is short
   */
  during<T>(what: string, work: () => Promise<T>, about?: string): Promise<T>;
}

/** Milliseconds between two signs of life of one piece of work. */
const SIGN_OF_LIFE = 20_000;

/** Progress as plain lines, each with the time that has passed. */
export function progressLines(write: (line: string) => void): Progress {
  return {
    note: (line) => write(`  ${line}`),
    async during(what, work, about) {
      const started = performance.now();
      const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      write(`● ${what}${about === undefined ? "" : ` (about ${about})`}`);
      const timer = setInterval(() => write(`  … ${what}: ${elapsed()} so far`), SIGN_OF_LIFE);
      try {
        const result = await work();
        write(`✓ ${what} (${elapsed()})`);
        return result;
      } catch (error) {
        write(`✗ ${what} (gave up after ${elapsed()})`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** Progress that nobody watches. */
export const silentProgress: Progress = { note: () => {}, during: (_what, work) => work() };
