import { Command, Option } from "commander";
import type { Usage } from "../../cost/usage.js";
import { PICTURE_FORMATS, type PictureFormat } from "../../graph/picture-format.js";
import { printJson, printLine } from "../print.js";
import { share } from "../share.js";
import { wholeNumber } from "../whole-number.js";

/** Commands that tell of an environment as a whole. They touch no host and no cloud. */
export function overviewCommands(): Command[] {
  return [graphCommand(), costCommand()];
}

function graphCommand(): Command {
  return new Command("graph")
    .description("draw an environment: ways in, zones, machines, storage")
    .argument("<environment>", "name in environments/, or a path")
    .addOption(new Option("--format <format>", "how; the default follows the name of --out").choices(PICTURE_FORMATS))
    .option("--out <file>", "write it to a file: prod.svg, prod.mmd, prod.dot")
    .action(async (name: string, options: { format?: PictureFormat; out?: string }) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { drawing } = await import("../../operations/graph.js");
      const format = options.format ?? formatOf(options.out);
      const picture = await drawing(await openWorkspace(name), format);
      if (options.out === undefined) return void process.stdout.write(picture);
      const { writeFile } = await import("node:fs/promises");
      await writeFile(options.out, picture);
      printLine(`${options.out} is written.`);
    });
}

/** Mermaid is what can be pasted; a file's name says what it shall hold. */
function formatOf(file: string | undefined): PictureFormat {
  if (file?.endsWith(".svg")) return "svg";
  return file !== undefined && /\.(dot|gv)$/.test(file) ? "dot" : "mermaid";
}

function costCommand(): Command {
  return new Command("cost")
    .description("estimate what an environment's sites on clouds cost in a month, from a dated table of prices")
    .argument("<environment>", "name in environments/, or a path")
    .option("--stored <GiB>", "images that are kept; the default is bucket.plannedSize", wholeNumber)
    .option("--pulled <GiB>", "what clients pull in a month; the default is 500", wholeNumber)
    .option("--to-internet <share>", "share of that over the internet, 0 to 1", share)
    .option("--old <share>", "share of layers old enough for the cheaper class, 0 to 1", share)
    .option("--prices <file>", "a table of your own; those in cost/prices show the form")
    .option("--json", "print the lines as JSON")
    .action(async (name: string, { prices, json, ...usage }: Usage & { prices?: string; json?: boolean }) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { estimates } = await import("../../operations/cost.js");
      const found = await estimates(await openWorkspace(name), usage, prices);
      if (json) return printJson(found);
      const { describeEstimate } = await import("../cost-view.js");
      for (const estimate of found) describeEstimate(estimate);
    });
}
