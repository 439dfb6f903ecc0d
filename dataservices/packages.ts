import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";

/** Milliseconds that a package manager may take. */
const INSTALL_TIME = 900_000;

/** Oldest versions that read our files: failsafe mode of Patroni, access lists of sentinels, etcd's third API. */
const OLDEST = { patroni: "3.0", "redis-server": "5:7.0", "etcd-server": "3.4", "postgresql-common": "248" } as const;

const PACKAGES = [
  "etcd-server",
  "etcd-client",
  "postgresql",
  "patroni",
  "redis-server",
  "redis-sentinel",
  "haproxy",
  "iptables",
  "curl",
];

/** Units that the packages bring. Ours take their place; theirs would start at once, with configurations of their own. */
const THEIR_UNITS = ["etcd", "postgresql", "patroni", "redis-server", "redis-sentinel", "haproxy"];

/**
 * Installs what a host lacks from its system's own packages. Nothing starts by it, and no data base is made.
 * @throws Problem `data-services/install-failed`, `data-services/system-too-old`
 */
export async function installDataPackages(host: Host): Promise<void> {
  const script = `
if ! command -v apt-get >/dev/null; then echo "apt-get is not here" >&2; exit 1; fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update 1>&2
${Object.entries(OLDEST)
  .map(
    ([name, version]) => `
version=$(apt-cache policy ${name} | sed -n 's/^  Candidate: //p')
dpkg --compare-versions "\${version:-0}" ge '${version}' || { echo "too old: ${name} \${version:-is not there}, ${version} is needed" >&2; exit 3; }`,
  )
  .join("")}
new=
for unit in ${THEIR_UNITS.join(" ")}; do
  [ -e "/lib/systemd/system/$unit.service" ] || new="$new $unit"
done
mkdir -p /run/systemd/system /etc/postgresql-common
for unit in $new; do ln -sfn /dev/null "/run/systemd/system/$unit.service"; done
[ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold install ${PACKAGES.join(" ")} 1>&2
for unit in $new; do
  rm -f "/run/systemd/system/$unit.service"
done
systemctl daemon-reload
for unit in $new; do systemctl --quiet disable "$unit.service" 2>/dev/null || true; done`;
  try {
    await host.change("install data base and Redis", script, { timeout: INSTALL_TIME });
  } catch (error) {
    if (!(error instanceof Problem) || error.details.code !== "host/command-failed") throw error;
    throw explained(error, host.node.name);
  }
}

function explained({ details }: Problem, node: string): Problem {
  const old = /too old: (.*)/.exec((details.log ?? []).join("\n"))?.[1];
  if (old !== undefined) {
    return new Problem({
      ...details,
      code: "data-services/system-too-old",
      says: `the packages of ${node} are too old for a data base of its own: ${old}`,
      instead: "use Debian 12, Ubuntu 24.04 or newer, or an existing data base and Redis by their addresses",
      field: "harbor.database.kind",
    });
  }
  return new Problem({
    ...details,
    code: "data-services/install-failed",
    says: `the packages of ${node} did not install PostgreSQL, Patroni, etcd, Redis and HAProxy`,
    instead: `install ${PACKAGES.join(", ")} on the host yourself, without starting them, then give the same command again`,
  });
}
