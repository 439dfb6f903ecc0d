import { Command, Option } from "commander";
import { PICTURE_FORMATS, type PictureFormat } from "../../graph/picture-format.js";
import { printLine } from "../print.js";

/** Commands that tell of an environment as a whole. They touch no host and no cloud. */
export function overviewCommands(): Command[] {
  return [graphCommand()];
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
