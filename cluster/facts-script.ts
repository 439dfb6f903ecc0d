import { CONTAINERS, FLOATING_UNIT, MARKS, PLACES, SERVICE_UNIT } from "./places.js";
import type { Wanted } from "./wanted.js";

/** Label that compose puts on each container: its own version. */
const COMPOSE_LABEL = "com.docker.compose.version";

/**
 * A script that prints all that planning must know about a host, in one go and with few processes: a plan with nothing
 * to change is asked for often. Sections begin with `@name`; `parseFacts` reads them.
 */
export function factsScript(wanted: Wanted): string {
  return [SYSTEM, releases(), files(wanted), RECORDS, kernel(wanted), objects(wanted), TOOLS].join("\n");
}

const SYSTEM = `
ID=unknown VERSION_ID= PRETTY_NAME=
[ ! -r /etc/os-release ] || . /etc/os-release
echo "@system $ID \${VERSION_ID:--} $(uname -m) $PRETTY_NAME"
read -r boot < /proc/sys/kernel/random/boot_id
echo "@boot $boot"
while read -r key value unit; do
  [ "$key" != MemTotal: ] || { echo "@memory $value"; break; }
done < /proc/meminfo
docker_folder=/var/lib/docker
[ -d "$docker_folder" ] || docker_folder=/var/lib
echo @space
df -Pk /opt "$docker_folder" /var/log
echo "@clock $(date +%s%3N)"`;

/** Which releases are there, and every path that any of them has ever managed. */
function releases(): string {
  return `
current= previous= kept= managed=
if cd -P ${PLACES.current} 2>/dev/null; then current=\${PWD##*/}; fi
if cd -P ${PLACES.previous} 2>/dev/null; then previous=\${PWD##*/}; fi
if cd ${PLACES.releases} 2>/dev/null; then
  kept=$(echo *)
  managed=$(find . -name '*.partial' -prune -o -path './*/files/*' -type f -print)
fi
cd /
echo "@releases \${current:--} \${previous:--} $kept"`;
}

/** The real files and those of the current release, and the texts of those that are not as wanted. */
function files(wanted: Wanted): string {
  const known = wanted.files.map((file) => file.path).join(" ");
  const triples = wanted.files.map(
    (file) => `${file.state.sha256} ${file.path} ${file.sensitive ? "masked" : "plain"}`,
  );
  return `
paths=' ${known} '
for path in $managed; do
  path=\${path#*/files}
  case "$paths" in *" $path "*) ;; *) paths="$paths$path " ;; esac
done
released=
if [ -n "$current" ]; then
  for path in $paths; do released="$released ${PLACES.releases}/$current/files$path"; done
fi
echo @digests
digests=$(sha256sum $paths $released 2>/dev/null || true)
printf '%s\\n' "$digests"
echo @rights
stat -c '%a %u:%g %n' $paths $released 2>/dev/null || true
set -- ${triples.join(" ")}
while [ $# -ge 3 ]; do
  text=$2
  [ "$3" = plain ] || text=${PLACES.releases}/$current/masked$2
  case "$digests" in
    *"$1  $2"*) ;;
    *) [ ! -f "$2" ] || [ ! -f "$text" ] || echo "@text $2 $(base64 -w0 "$text")" ;;
  esac
  shift 3
done`;
}

const RECORDS = `
for mark in ${Object.values(MARKS).join(" ")}; do
  if [ -r ${PLACES.records}/$mark ] && read -r value < ${PLACES.records}/$mark; then echo "@mark $mark $value"; fi
done
[ ! -s ${PLACES.history} ] || { echo @complete; tail -n 1 ${PLACES.history}; }
by=operator
[ ! -e ${PLACES.drain} ] || { read -r by < ${PLACES.drain} || true; echo "@drained front $by"; }
[ ! -e ${PLACES.registryDrain} ] || echo "@drained registry"
echo @units
systemctl show -p Id,ActiveState,UnitFileState,NeedDaemonReload ${SERVICE_UNIT} ${FLOATING_UNIT} 2>/dev/null || true`;

/** By grep: a shell reads byte by byte, and these files give their first byte only to such a reader. */
function kernel(wanted: Wanted): string {
  const paths = Object.keys(wanted.kernel).map((key) => `/proc/sys/${key.replaceAll(".", "/")}`);
  return `echo @kernel\ngrep -H . ${paths.join(" ")} /dev/null 2>/dev/null || true`;
}

/** Containers and images in one question to the engine: it finds each by its name. */
function objects(wanted: Wanted): string {
  const containers = [...Object.values(CONTAINERS), ...(wanted.harbor?.containers.map(({ name }) => name) ?? [])];
  const names = [...containers, ...new Set(wanted.images.map((image) => image.reference))];
  return `
objects=
if command -v docker >/dev/null; then objects=$(docker inspect --format '{{json .}}' ${names.join(" ")} 2>&1) || true; fi
echo @objects
printf '%s\\n' "$objects"`;
}

/** The plugin is slow to start, so it is asked for its version only while no container of ours tells it. */
const TOOLS = `
for tool in docker keepalived curl; do
  if command -v $tool >/dev/null; then echo "@tool $tool"; fi
done
for folder in "\${HOME:-/root}/.docker" /usr/local/lib/docker /usr/local/libexec/docker /usr/lib/docker /usr/libexec/docker; do
  plugin=$folder/cli-plugins/docker-compose
  [ -x "$plugin" ] || continue
  case "$objects" in
    *'"${COMPOSE_LABEL}":"'*) version=\${objects#*'"${COMPOSE_LABEL}":"'}; version=\${version%%'"'*} ;;
    *) version=$("$plugin" version --short) ;;
  esac
  echo "@tool compose $version"
  break
done`;
