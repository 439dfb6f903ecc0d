import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { PROJECT } from "../operations/project.js";

const SCRIPTS = {
  bash: `_harborwright() {
  local IFS=$'\\n'
  COMPREPLY=($(harborwright complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _harborwright harborwright
`,
  zsh: `#compdef harborwright
_harborwright() {
  local -a words_so_far candidates
  words_so_far=("\${(@)words[2,CURRENT]}")
  candidates=("\${(@f)$(harborwright complete -- "\${words_so_far[@]}" 2>/dev/null)}")
  compadd -a candidates
}
compdef _harborwright harborwright
`,
  fish: `complete -c harborwright -f -a '(harborwright complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
} as const;

/** The script that makes a shell ask `harborwright complete`. */
export function completionScript(shell: keyof typeof SCRIPTS): string {
  return SCRIPTS[shell];
}

/**
 * What may stand in the place of the last of these words: commands, options, environments, nodes.
 * A broken environment file must not spoil the typing, so it offers no nodes.
 */
export async function candidates(program: Command, words: readonly string[]): Promise<string[]> {
  const unfinished = words.at(-1) ?? "";
  const { command, given } = walk(program, words.slice(0, -1));
  return (await offers(command, given, unfinished)).filter((word) => word.startsWith(unfinished)).sort();
}

/** Follows the words down to the command they name; what is left are its arguments. */
function walk(program: Command, words: readonly string[]): { command: Command; given: string[] } {
  let command = program;
  const given: string[] = [];
  for (const word of words) {
    const next = given.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (next !== undefined) command = next;
    else if (!word.startsWith("-")) given.push(word);
  }
  return { command, given };
}

async function offers(command: Command, given: readonly string[], unfinished: string): Promise<string[]> {
  if (unfinished.startsWith("-")) return command.options.flatMap((option) => option.long ?? option.short ?? []);
  if (command.commands.length > 0)
    return command.commands.map((one) => one.name()).filter((name) => name !== "complete");
  const argument = command.registeredArguments[given.length];
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices;
  if (argument.name() === "environment") return environments();
  if (argument.name() === "node") return nodes(given[0]);
  return [];
}

async function environments(): Promise<string[]> {
  const folders = [...new Set(["environments", join(PROJECT, "environments")])];
  const lists = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const names = lists.flat().flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : []));
  return [...new Set(names)];
}

async function nodes(environment: string | undefined): Promise<string[]> {
  if (environment === undefined) return [];
  const { openWorkspace } = await import("../operations/workspace.js");
  return openWorkspace(environment).then(
    ({ inventory }) => inventory.sites.flatMap((site) => site.nodes.map((node) => node.name)),
    () => [],
  );
}
