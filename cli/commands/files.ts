import { Command } from "commander";
import type { Environment } from "../../spec/environment.js";
import { printJson, printLine } from "../print.js";
import { wholeNumber } from "../whole-number.js";

/** Commands about the environment file: they touch no host. */
export function fileCommands(): Command[] {
  return [initCommand(), validateCommand(), explainCommand(), renderCommand(), schemaCommand()];
}

function initCommand(): Command {
  return new Command("init")
    .description("write a new environment file, from questions or from flags")
    .argument("[name]", "name of the environment")
    .option("--hostname <name>", "name under which clients reach the registry")
    .option("--provider <provider>", "local (this machine), hosts (machines you have), alicloud or aws")
    .option("--nodes <count>", "nodes on this machine or in a cloud, 1 to 9", wholeNumber)
    .option("--publish <port>", "port of 127.0.0.1 for the entry on this machine", wholeNumber)
    .option("--host <address...>", "a machine you have: 10.20.0.11, or name=address, once for each")
    .option("--user <name>", "who logs in on them")
    .option("--entry <address>", "floating address, or host name of the load balancer")
    .option("--entry-from <kind>", "floating or balancer")
    .option("--storage <kind>", "managed, s3, oss, azure or filesystem")
    .option("--bucket <name>", "bucket (s3, oss) or container (azure)")
    .option("--region <name>", "region of the cloud, or of the bucket")
    .option("--zone <zone...>", "zones of the region; nodes are spread over them")
    .option("--operators <block...>", "blocks from which operators come by SSH: 203.0.113.0/24; none: sessions of AWS")
    .option("--clients <block...>", "blocks from which clients pull and push: 0.0.0.0/0 for everybody")
    .option("--size <type>", "instance type: ecs.c7.xlarge, c7i.xlarge")
    .option("--endpoint <url>", "URL of an S3-compatible service")
    .option("--account <name>", "storage account (azure)")
    .option("--path-style", "put the bucket into the path: MinIO, versitygw")
    .option("--directory <folder>", "folder to write into", "environments")
    .option("--json", "print the file's path as JSON")
    .action(async (name: string | undefined, options) => {
      const { init } = await import("../../operations/init.js");
      const { answersFrom } = await import("../init-answers.js");
      const { interviewer } = await import("../questions.js");
      const answers = await answersFrom(name, options, interviewer());
      const written = await init(answers, options.directory);
      if (options.json) return printJson({ file: written.file });
      printLine(`${written.file} is written.`);
      if (["alicloud", "aws"].includes(answers.place.provider)) {
        printLine(`      harborwright doctor ${written.name}   asks the cloud whether it can be made`);
      }
      printLine(`Next: harborwright plan ${written.name}   shows what would be made`);
    });
}

function validateCommand(): Command {
  return new Command("validate")
    .description("check an environment file")
    .argument("<environment>", "name in environments/, or a path")
    .option("--json", "print the environment with its defaults filled in")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { environment, file, inventory } = await openWorkspace(name);
      if (options.json) return printJson(await withDefaults(environment));
      const { engine, version, hostname, storage } = environment.registry;
      const nodes = inventory.sites.reduce((sum, site) => sum + site.nodes.length, 0);
      printLine(
        `${file} is right: ${engine} ${version} as ${hostname}, ${nodes} ${nodes === 1 ? "node (a trial)" : "nodes"}, storage ${storage.kind}`,
      );
    });
}

/** Harbor's block is filled in where the file has none. */
async function withDefaults(environment: Environment): Promise<Environment> {
  if (environment.registry.engine !== "harbor") return environment;
  const { harborOf } = await import("../../spec/harbor/software.js");
  return { ...environment, harbor: harborOf(environment) };
}

function explainCommand(): Command {
  return new Command("explain")
    .description("tell what a field of the environment file means")
    .argument("[field]", "registry.storage, sites.nodes.count, …", "")
    .action(async (field: string) => {
      const { explain } = await import("../../spec/explain.js");
      printLine(explain(field).trimEnd());
    });
}

function renderCommand(): Command {
  return new Command("render")
    .description("write what each host would get, secrets masked")
    .argument("<environment>", "name in environments/, or a path")
    .requiredOption("--out <folder>", "folder to write into; one folder a host")
    .option("--host <node>", "only this host")
    .option("--reveal", "write secrets in the clear, into files that only you may read")
    .option("--json", "print the list of files as JSON")
    .action(async (name: string, options) => {
      const { openWorkspace } = await import("../../operations/workspace.js");
      const { renderTo } = await import("../../operations/render.js");
      const { progressOnStderr } = await import("../progress.js");
      const written = await renderTo(await openWorkspace(name), { ...options, progress: progressOnStderr() });
      if (options.json) return printJson(written);
      for (const host of written)
        printLine(`${host.node}  ${host.files.length} files in ${host.folder}  release ${host.release}`);
    });
}

function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of the environment file, for editors")
    .option("--out <file>", "write it to a file")
    .action(async (options) => {
      const { environmentJsonSchemaText } = await import("../../spec/json-schema.js");
      const text = environmentJsonSchemaText();
      if (options.out === undefined) return void process.stdout.write(text);
      const { writeFile } = await import("node:fs/promises");
      await writeFile(options.out, text);
    });
}
