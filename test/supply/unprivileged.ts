/** A process without rights that asks for programs, or without any for the engine, and prints the problem it is told. */
import { Problem } from "../../spec/problem.js";
import { provideEngine } from "../../supply/engine.js";
import { provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";

// Everything is loaded by now: the clone may lie where only root may read.
if (process.getuid?.() === 0) process.setuid?.(65534);
try {
  const [needs] = process.argv.slice(2);
  await (needs === undefined ? provideEngine(silentProgress) : provide(JSON.parse(needs), silentProgress));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.log(JSON.stringify(error.details));
}
