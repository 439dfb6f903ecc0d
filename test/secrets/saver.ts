import { openStore } from "../../secrets/store.js";
import { Secret } from "../../spec/secret.js";

/**
 * Saves secrets one after another and prints a line for each that is safe:
 * `saver <store> <identity> <prefix> <count>` sets `user/<prefix>0`, `user/<prefix>1`, …
 */
const [path = "", identityFile = "", prefix = "", count = "0"] = process.argv.slice(2);
for (let turn = 0; turn < Number(count); turn += 1) {
  const store = await openStore(path, { identityFile, recipients: [] });
  store.set(`user/${prefix}${turn}`, new Secret(`value of ${prefix}${turn} ${"x".repeat(5_000)}`));
  await store.save();
  process.stdout.write(`${turn}\n`);
}
