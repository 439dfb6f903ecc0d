import { Command } from "commander";
import { printJson } from "../print.js";

/** What the registry keeps is the one thing that no release changes. */
export function gcCommand(): Command {
  return new Command("gc")
    .description("delete layers that no image needs any more, while images are pushed and pulled (Harbor)")
    .argument("<environment>", "name in environments/, or a path")
    .option("--dry-run", "only say how much it would be")
    .option("--untagged", "delete images without a tag, too; the default is as the file has it")
    .option("--json", "print the result as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { gc } = await import("../../operations/gc.js");
      const { describeCollection } = await import("../gc-view.js");
      const dryRun = options.dryRun === true;
      const collection = await gc(await openWorkspace(name), {
        dryRun,
        untagged: options.untagged,
        onStatus: (status) => process.stderr.write(`collection: ${status.toLowerCase()}\n`),
      });
      if (options.json) printJson({ ...collection, dryRun });
      else describeCollection(collection, dryRun);
    });
}
