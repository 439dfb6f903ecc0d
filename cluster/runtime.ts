import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";
import { composeIsOld } from "./actions.js";
import type { HostFacts } from "./host-facts.js";
import { type JournalEntry, journalled } from "./journal.js";
import { PLACES } from "./places.js";
import type { Wanted } from "./wanted.js";

/** Milliseconds that a package manager may take. */
const INSTALL_TIME = 600_000;
/** Milliseconds that the plugin, some 60 MB, may take to arrive. */
const UPLOAD_TIME = 600_000;

/**
 * Installs what the host lacks: the engine, keepalived and curl from the system's own packages, the compose plugin
 * from ours. An engine that is there stays as it is, and its daemon.json is nobody's business.
 */
export async function installRuntime(
  host: Host,
  wanted: Wanted,
  facts: HostFacts,
  composePlugin: string,
  entry: JournalEntry,
): Promise<void> {
  const { tools } = facts;
  const packages = [
    ...(tools.docker === "absent" ? ["engine"] : []),
    ...(wanted.floating && !tools.keepalived ? ["keepalived"] : []),
    ...(tools.curl ? [] : ["curl"]),
  ];
  if (packages.length > 0) await installPackages(host, packages, entry);
  if (tools.docker !== "running") await startEngine(host, entry);
  if (composeIsOld(tools.compose)) await uploadPlugin(host, composePlugin, entry);
}

/** With apt the engine is docker.io; with dnf it is whichever of the usual packages the system's repositories have. */
async function installPackages(host: Host, packages: readonly string[], entry: JournalEntry): Promise<void> {
  const script = `
wanted='${packages.join(" ")}'
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update 1>&2
  names=
  for name in $wanted; do [ "$name" = engine ] && names="$names docker.io" || names="$names $name"; done
  apt-get -q -y --no-install-recommends install $names 1>&2
elif command -v dnf >/dev/null; then
  names=
  for name in $wanted; do
    if [ "$name" != engine ]; then names="$names $name"; continue; fi
    for engine in docker-ce moby-engine docker none; do
      if dnf -q list --available $engine >/dev/null 2>&1; then break; fi
    done
    if [ $engine = none ]; then echo "no package of Docker's engine in the repositories of this system" >&2; exit 1; fi
    names="$names $engine"
  done
  dnf -q -y install $names 1>&2
else
  echo "neither apt-get nor dnf is here" >&2
  exit 1
fi
# The floating address has a unit of its own; the system's would wait for a configuration that never comes.
case "$wanted" in *keepalived*) systemctl --quiet disable --now keepalived.service ;; esac`;
  try {
    await host.change(`install ${packages.join(", ")}`, journalled(entry, script), { timeout: INSTALL_TIME });
  } catch (error) {
    if (!(error instanceof Problem) || error.details.code !== "host/command-failed") throw error;
    throw new Problem({
      ...error.details,
      code: "runtime/install-failed",
      says: `the packages of ${host.node.name} did not install ${packages.join(", ")}`,
      instead:
        "install them on the host yourself (Docker's engine 20.10 or newer with its compose plugin, keepalived, curl), then give the same command again",
    });
  }
}

async function startEngine(host: Host, entry: JournalEntry): Promise<void> {
  const script = `
systemctl --quiet enable --now docker.service
docker info >/dev/null`;
  await host.change("start Docker's engine", journalled(entry, script), { timeout: 90_000 });
}

/** Its length is compared before it gets its name: half a plugin would be found at the next run as a whole one. */
async function uploadPlugin(host: Host, composePlugin: string, entry: JournalEntry): Promise<void> {
  const { size } = await stat(composePlugin);
  const script = `
mkdir -p ${dirname(PLACES.composePlugin)}
cat > ${PLACES.composePlugin}.partial
[ "$(stat -c %s ${PLACES.composePlugin}.partial)" = ${size} ]
chmod 0755 ${PLACES.composePlugin}.partial
sync ${PLACES.composePlugin}.partial
mv -f ${PLACES.composePlugin}.partial ${PLACES.composePlugin}`;
  await host.change("bring Docker's compose plugin", journalled(entry, script), {
    input: createReadStream(composePlugin),
    timeout: UPLOAD_TIME,
  });
}
