import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { pinHostKeys } from "../hosts/known-hosts.js";
import { exists } from "../supply/cache.js";
import { reopen } from "./cut.js";
import type { LabLayout, PlannedHost } from "./layout.js";
import { INSTALLED, insideWhen } from "./readiness.js";

/** The lab's own key pair in the state folder: the way into its hosts, made when it is first needed. */
export async function provideKeyPair(stateFolder: string): Promise<{ readonly publicKey: string }> {
  const key = join(stateFolder, "lab_ed25519");
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  if (!((await exists(key)) && (await exists(`${key}.pub`)))) await makeKeyPair(key);
  return { publicKey: (await readFile(`${key}.pub`, "utf8")).trim() };
}

async function makeKeyPair(key: string): Promise<void> {
  const partial = `${key}.partial`;
  await Promise.all([partial, `${partial}.pub`].map((path) => rm(path, { force: true })));
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -C harborwright-lab -f ${partial}`;
  await rename(partial, key);
  await rename(`${partial}.pub`, `${key}.pub`);
}

/**
 * Opens a host's network, lets a key and no other in, and reads the host's own key. All goes through the engine, so
 * that nothing between can put itself in the host's place.
 * @returns the host's public key: `ssh-ed25519 AAAA…`
 */
export async function admit(host: PlannedHost, publicKey: string): Promise<string> {
  return insideWhen(
    INSTALLED,
    host,
    `
    ${reopen}
    umask 077
    mkdir -p /root/.ssh
    cat > /root/.ssh/authorized_keys.partial
    mv /root/.ssh/authorized_keys.partial /root/.ssh/authorized_keys
    cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub
    `,
    { input: `${publicKey}\n` },
  );
}

/** Makes the keys that hosts have the only ones that SSH takes from them. */
export function pin(layout: LabLayout, stateFolder: string, hostKeys: ReadonlyMap<PlannedHost, string>): void {
  for (const [host, key] of hostKeys) pinHostKeys(join(stateFolder, "known_hosts"), sshNode(layout, host), [key]);
}

function sshNode(layout: LabLayout, host: PlannedHost) {
  const { address, name } = host;
  return { site: layout.site, name, address, privateAddress: address, ssh: { user: "root", port: 22 } };
}
