import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PROJECT } from "../operations/project.js";
import { clusterCommands } from "./commands/cluster.js";
import { fileCommands } from "./commands/files.js";
import { labCommand } from "./commands/lab.js";
import { lookCommands } from "./commands/look.js";
import { machineCommands } from "./commands/machines.js";
import { overviewCommands } from "./commands/overview.js";
import { recoveryCommands } from "./commands/recovery.js";
import { secretCommands } from "./commands/secrets.js";
import { shellCommands } from "./commands/shell.js";

/** The whole command line. Commands load what they need only when they run, so that `plan` starts quickly. */
export function buildProgram(): Command {
  const program = new Command("harborwright")
    .description("One environment file becomes a private, highly available container registry.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .showHelpAfterError("run with --help to see what is allowed")
    .exitOverride();
  for (const command of [
    ...clusterCommands(),
    ...machineCommands(),
    ...lookCommands(),
    ...fileCommands(),
    ...overviewCommands(),
    ...secretCommands(),
    ...recoveryCommands(version()),
    labCommand(),
    ...shellCommands(() => program),
  ]) {
    // exitOverride and the help after an error are not inherited by commands made elsewhere.
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new TypeError("package.json names no version");
}
