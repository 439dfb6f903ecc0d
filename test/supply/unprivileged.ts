/** A process without rights that asks for programs and prints the problem it is told. */
import { Problem } from "../../spec/problem.js";
import { provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";

// Everything is loaded by now: the clone may lie where only root may read.
if (process.getuid?.() === 0) process.setuid?.(65534);
try {
  await provide(JSON.parse(process.argv[2] ?? "[]"), silentProgress);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.log(JSON.stringify(error.details));
}
