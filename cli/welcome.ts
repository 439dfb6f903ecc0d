import { credentials } from "../operations/credentials.js";
import { entryUrl, onlySite, shownPath, type Workspace } from "../operations/workspace.js";
import { printLine } from "./print.js";

/** What a person needs after the first `npm start`: the address, how to log in, and what to try. */
export async function printWelcome(workspace: Workspace): Promise<void> {
  const { environment } = workspace.environment;
  const { address } = entryUrl(workspace);
  const { hostname, ports } = workspace.environment.registry;
  const { published, nodes } = onlySite(workspace);
  const registry = ports.https === 443 ? hostname : `${hostname}:${ports.https}`;
  const { caFile, username } = await credentials(workspace);
  const name = `npx harborwright`;

  printLine();
  printLine(
    `The registry answers at https://${registry}, entry ${address}${published === undefined ? "" : ` and 127.0.0.1:${published}`}.`,
  );
  if (published !== undefined) {
    printLine(`If this machine does not reach ${address}: take 127.0.0.1 for it below, and ${hostname}:${published}.`);
  }
  printLine();
  printLine("Log in with Docker (as root, or with sudo):");
  printLine(`  echo '${address} ${hostname}' >> /etc/hosts`);
  printLine(
    `  mkdir -p /etc/docker/certs.d/${registry} && cp ${shownPath(caFile)} /etc/docker/certs.d/${registry}/ca.crt`,
  );
  printLine(`  ${name} credentials ${environment}            # user ${username} and the password`);
  printLine(`  docker login ${registry}`);
  printLine();
  printLine("Then break it:");
  printLine(`  ${name} verify ${environment}                 # push and pull, through every node`);
  printLine(`  ${name} lab kill ${environment} ${nodes[0]?.name ?? "node-1"}        # and verify, or pull, again`);
  printLine(`  ${name} status ${environment}`);
  printLine(`  ${name} lab start ${environment} ${nodes[0]?.name ?? "node-1"}`);
  printLine();
  printLine(
    `Change ${workspace.file}, look at \`${name} plan ${environment}\`, then \`${name} up ${environment}\`. \`${name} down ${environment}\` ends it.`,
  );
}
