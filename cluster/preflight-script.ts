import { quoted } from "../hosts/quote.js";
import { HARBOR_PROJECT } from "../release/harbor-layout.js";
import type { Node } from "../spec/inventory.js";
import { CONTAINERS, PROJECT_LABEL } from "./places.js";

/** Seconds that another node has to answer. */
const REACH_TIME = 3;

/** What preflight asks of a host that planning need not know. */
export interface PreflightQuestions {
  /** TCP ports that will be listened on. */
  readonly ports: readonly number[];
  /** The other nodes, and the port on which their registries answer each other. */
  readonly others: readonly Node[];
  readonly registryPort: number;
  /** Names that must have an address. */
  readonly names: readonly string[];
}

/**
 * A script that prints a line for each thing that is in the way. A refused connection is good news here: it says that
 * the way is open and that nobody listens yet.
 */
export function preflightScript({ ports, others, registryPort, names }: PreflightQuestions): string {
  return `
[ -d /run/systemd/system ] || echo no-systemd
# Not "getent hosts": of an address it would ask for a name, which most have not.
for name in ${names.map(quoted).join(" ")}; do
  getent ahosts "$name" >/dev/null || echo "no-name $name"
done
ours=$(docker inspect --format '{{.Id}}' ${Object.values(CONTAINERS).join(" ")} 2>/dev/null || true)
# The engine itself listens for those that do not use the host's own network.
published=$(docker ps --quiet --filter label=${PROJECT_LABEL}=${HARBOR_PROJECT} 2>/dev/null || true)
# Inside a container ss may not say whose a port is: then it is ours if we have containers here at all.
is_ours() {
  if [ -z "$1" ]; then [ -n "$ours$published" ]; return; fi
  if [ -n "$published" ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = docker-proxy ]; then return; fi
  for id in $ours; do
    if grep -q "$id" "/proc/$1/cgroup" 2>/dev/null; then return 0; fi
  done
  return 1
}
ss -Hltnp | while read -r state received sent local peer user; do
  port=\${local##*:}
  case " ${ports.join(" ")} " in *" $port "*) ;; *) continue ;; esac
  pid=
  case "$user" in *pid=*) pid=\${user##*pid=}; pid=\${pid%%,*} ;; esac
  is_ours "$pid" || echo "taken $port \${user:-unknown}"
done | sort -u
reach() {
  said=$(timeout ${REACH_TIME} bash -c ": < /dev/tcp/$2/$3" 2>&1) && return
  case "$said" in *refused*) ;; *) echo "apart $1 $2" ;; esac
}
${others.map((node) => `reach ${quoted(node.name)} ${quoted(node.privateAddress)} ${registryPort} &`).join("\n")}
wait`;
}
