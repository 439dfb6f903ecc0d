import { Argument, Command } from "commander";
import { printLine } from "../print.js";

/** Commands about the user's own shell: completion. `program` is asked only when they run. */
export function shellCommands(program: () => Command): Command[] {
  return [completionCommand(), completeCommand(program)];
}

function completionCommand(): Command {
  return new Command("completion")
    .description("print a completion script: harborwright completion bash >> ~/.bashrc")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completionScript } = await import("../completion.js");
      process.stdout.write(completionScript(shell));
    });
}

/** What the completion scripts call: the words typed so far, the last one unfinished. */
function completeCommand(program: () => Command): Command {
  return new Command("complete")
    .description("print what may come next on a command line")
    .argument("[words...]")
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { candidates } = await import("../completion.js");
      for (const word of await candidates(program(), words)) printLine(word);
    });
}
