import { findProgram } from "../supply/machine.js";
import { isRecent, presentTerraform } from "../supply/terraform.js";
import { type Finding, ok, problem, warning } from "./finding.js";
import { cloudSite, type Workspace } from "./workspace.js";

/** What this machine needs for an environment. Nothing is installed or built. */
export async function machineFindings(workspace: Workspace): Promise<Finding[]> {
  const found = [await ssh()];
  const site = cloudSite(workspace);
  if (site === undefined) return found;
  found.push(await engine(workspace), ...state(workspace));
  if (site.access.from === "session") found.push(...(await sessionClients()));
  return found;
}

async function ssh(): Promise<Finding> {
  const [client, keygen] = await Promise.all([findProgram("ssh"), findProgram("ssh-keygen")]);
  if (client !== undefined && keygen !== undefined) return ok("ssh", client);
  return problem(
    "ssh",
    "there is no ssh on this machine",
    "apt-get install openssh-client, or dnf install openssh-clients",
  );
}

async function engine({ environment }: Workspace): Promise<Finding> {
  const { engine: wanted } = environment.infrastructure;
  const present = await presentTerraform(wanted);
  if (present !== undefined && isRecent(present.version)) return ok("engine", `${present.program} ${present.version}`);
  const says =
    present === undefined
      ? `this machine has no ${wanted === "terraform" ? "Terraform" : "OpenTofu"}`
      : `${present.program} is ${present.version}; 1.10 or newer is needed`;
  return wanted === "terraform"
    ? problem("engine", says, "install Terraform 1.10 or newer, or say infrastructure: { engine: opentofu }")
    : warning("engine", says, "it is built when it is needed, which takes some minutes; or install it");
}

/** A secret that several can read, and a state that only one machine has. */
function state({ environment }: Workspace): Finding[] {
  const { in: where } = environment.infrastructure.state;
  if (where !== "local") return [ok("state", `kept in ${where}`)];
  if (environment.secrets.recipients.length === 0) return [ok("state", "kept on this machine, for one operator")];
  return [
    warning(
      "state",
      "others may read the secrets, and Terraform's state is on this machine alone",
      "infrastructure: { state: { in: s3, … } } or oss lets all of them work on it",
    ),
  ];
}

async function sessionClients(): Promise<Finding[]> {
  const programs = ["aws", "session-manager-plugin"];
  const found = await Promise.all(programs.map((name) => findProgram(name)));
  const missing = programs.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return [ok("session", "aws and its plugin are here")];
  return [
    problem(
      "session",
      `access is a session of AWS Systems Manager, and this machine has no ${missing.join(" and no ")}`,
      "install the AWS CLI and its Session Manager plugin, or choose another access for the site",
    ),
  ];
}
