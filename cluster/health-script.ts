import { READ_GATE } from "./gate-points.js";
import { CONFIG_LABEL, CONTAINERS, FLOATING_UNIT, FOLDER_LABEL, PLACES } from "./places.js";

/** Seconds that one answer may take. */
const ANSWER_TIME = 4;
/** Seconds that Harbor's health may take: with a Redis that has just gone it takes nine. */
const HARBOR_ANSWER_TIME = 12;
/** Lines of a container's log that are shown when it is not healthy, and the length of each. */
export const LOG_LINES = 20;
const LINE_LENGTH = 400;
/** The same of each of Harbor's containers that may say why it does not serve. */
const HARBOR_LOG_LINES = 8;
const HARBOR_LOGS = ["harbor-core", "harbor-jobservice", "registry", "registryctl", "nginx"];
/** Lines among which those are looked for that tell of trouble; the last ones may all be chatter. */
const READ_LINES = 500;
const WORST = "error|fatal|panic|emerg|alert|crit";

/**
 * Harbor answers 200 whatever its parts are like: the body tells, part by part, and is up to 10 s old. Its own nginx
 * rests while the node is closed to the fronts.
 */
const HARBOR_LOOK = `
harbor() {
  for pair in $gate_harbor; do
    name=\${pair%%=*}
    [ "$name" != nginx ] || [ ! -e ${PLACES.registryDrain} ] || continue
    container registry "$name" "\${pair#*=}" "$gate_harbor_folder" ${FOLDER_LABEL} "the container $name"
  done
  [ ! -e ${PLACES.registryDrain} ] || return 0
  set -- "http://$gate_registry/api/v2.0/health"
  if [ "$gate_harbor_tls" = yes ]; then
    set -- --cacert "$gate_certificate" --connect-to "::$gate_registry" "https://$gate_hostname:\${gate_registry##*:}/api/v2.0/health"
  fi
  said=$(curl -sS --noproxy '*' -m ${HARBOR_ANSWER_TIME} -w '\\n%{http_code}' "$@" 2>&1 || true)
  code=$(printf '%s\\n' "$said" | tail -n 1)
  if [ "$code" != 200 ]; then echo "reason registry: Harbor's health on $gate_registry gives $code"; return 0; fi
  printf '%s\\n' "$said" | tr '{}' '\\n\\n' | grep '"status":"unhealthy"' | sed -n 's/.*"name":"\\([a-z]*\\)".*/\\1/p' |
    while read -r part; do echo "reason registry: Harbor says that its $part is unhealthy"; done
}`;

/**
 * A shell function that looks at the node from inside and prints a line `reason …` for all that keeps it from serving.
 * The front must show the very certificate of its release: that one alone is trusted here, and curl with OpenSSL takes
 * a server's own certificate for a root. What it answers under /v2/ comes from a registry, so the way behind it is
 * proved too. A proxy that the host may have for the outside is left aside.
 */
const LOOK = `
answer() { curl -sS --noproxy '*' -m ${ANSWER_TIME} -o /dev/null -w '%{http_code}' "$@" 2>&1 || true; }
container() {
  seen=$(docker inspect --format "{{.State.Status}} {{.Config.Image}} {{index .Config.Labels \\"\${5:-${CONFIG_LABEL}}\\"}}" "$2" 2>/dev/null || echo absent)
  [ "$seen" = "running $3 $4" ] || echo "reason $1: \${6:-its container} is \${seen%% *}$([ "\${seen%% *}" != running ] || echo ' with another image or configuration')"
}
distribution() {
  container registry ${CONTAINERS.registry} "$gate_registry_image" "$gate_config"
  code=$(answer "http://$gate_registry/v2/")
  case $code in
    200 | 401) ;;
    503) [ -e ${PLACES.registryDrain} ] || echo "reason registry: it answers 503: its storage does not answer" ;;
    *) echo "reason registry: http://$gate_registry/v2/ gives $code" ;;
  esac
}
${HARBOR_LOOK}
look() {
  if [ -n "$gate_harbor" ]; then harbor; else distribution; fi
  container front ${CONTAINERS.front} "$gate_front_image" ''
  by=
  if [ -e ${PLACES.drain} ]; then by=operator; read -r by < ${PLACES.drain} || true; echo "drained $by"; fi
  code=$(answer "http://127.0.0.1:$gate_status/livez")
  [ "$code" = 200 ] || [ -n "$by" ] || echo "reason front: /livez on port $gate_status gives $code"
  code=$(answer "http://127.0.0.1:$gate_status/healthz")
  [ "$code" = 200 ] || [ -n "$by" ] || echo "reason front: /healthz on port $gate_status gives $code"
  code=$(sed '/END CERTIFICATE/q' "$gate_certificate" | answer --cacert /dev/stdin --connect-to "::127.0.0.1:$gate_https" "https://$gate_hostname:$gate_https/v2/")
  case $code-$gate_closed in
    200-* | 401-* | 403-yes) ;;
    *) echo "reason front: https://$gate_hostname/v2/ on port $gate_https gives $code" ;;
  esac
  if [ -n "$gate_floating" ]; then
    systemctl is-active --quiet ${FLOATING_UNIT} || echo "reason floating address: ${FLOATING_UNIT} does not run"
    [ -z "$(ip -4 -oneline address show to "$gate_floating/32")" ] || echo "floating held"
  fi
}`;

/** Looks once. */
export const HEALTH_SCRIPT = `
if [ ! -r ${PLACES.current}/gate ]; then echo "absent"; exit 0; fi
current=$(readlink ${PLACES.current}); echo "release \${current##*/}"
${READ_GATE}
${LOOK}
look`;

/** Looks until nothing is wrong or the time is over; then it shows what the logs say about it. */
export function gateScript(seconds: number): string {
  return `
${READ_GATE}
${LOOK}
end=$(($(date +%s) + ${seconds}))
while seen=$(look); do
  case "$seen" in *"reason "*) ;; *) break ;; esac
  [ "$(date +%s)" -lt $end ] || break
  sleep 0.2
done
printf '%s\\n' "$seen"
tell() {
  log=$(docker logs --tail ${READ_LINES} "$1" 2>&1 || true)
  worst=$(printf '%s\\n' "$log" | grep -iE '${WORST}' || true)
  printf '%s\\n' "\${worst:-$log}" | tail -n "$3" | cut -c 1-${LINE_LENGTH} | sed "s/^/log $2: /"
}
for service in registry front; do
  case "$seen" in *"reason $service"*) ;; *) continue ;; esac
  if [ $service = registry ] && [ -n "$gate_harbor" ]; then
    for name in ${HARBOR_LOGS.join(" ")}; do tell $name $name ${HARBOR_LOG_LINES}; done
  else
    tell "harborwright-$service-1" $service ${LOG_LINES}
  fi
done
case "$seen" in
  *"reason floating"*) journalctl --unit ${FLOATING_UNIT} --lines ${LOG_LINES} --no-pager --quiet | sed "s/^/log floating address: /" ;;
esac`;
}
