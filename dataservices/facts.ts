import { quoted } from "../hosts/quote.js";
import { DATA_UNITS, type DataRelease, type DataUnit } from "../release/data-context.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { sha256 } from "../release/digest.js";
import type { DataMember } from "./cluster.js";
import { MARKS, SERVICES } from "./places.js";

/** What a host has of its data services. */
export interface DataFacts {
  /** Programs that no package has brought yet. */
  readonly missing: readonly string[];
  /** Paths of files that are not there, or not as they shall be. */
  readonly outdated: readonly string[];
  /** Those of them that are not there at all. */
  readonly absent: readonly string[];
  /** Digests of the files that each unit has taken up. */
  readonly marks: ReadonlyMap<DataUnit, string>;
  readonly etcd: {
    readonly data: boolean;
    /** How a member without data shall begin. */
    readonly begin: string | undefined;
  };
  readonly postgresql: { readonly data: boolean };
  readonly redis: { readonly data: boolean };
  /** Units of systemd that run. */
  readonly active: ReadonlySet<string>;
}

const PROGRAMS = ["etcd", "etcdctl", "patroni", "psql", "redis-server", "redis-sentinel", "redis-cli", "haproxy"];

/** Of a host that does not exist yet. */
export function newDataFacts({ files }: DataRelease): DataFacts {
  const lacking = PROGRAMS.map((program) => `missing ${program}`);
  return parseDataFacts(lacking.join("\n"), files);
}

/** Asks one host, in one round trip. @throws Problem `ssh/…` */
export async function dataFacts({ host, release }: DataMember): Promise<DataFacts> {
  return parseDataFacts(await host.read(factsScript(release.files.map(({ path }) => path))), release.files);
}

function factsScript(paths: readonly string[]): string {
  return `
for program in ${[...PROGRAMS, "iptables", "curl"].join(" ")}; do
  command -v "$program" >/dev/null || echo "missing $program"
done
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || echo "missing postgres"
for path in ${paths.map(quoted).join(" ")}; do
  [ ! -f "$path" ] || echo "file $(sha256sum "$path" | cut -d ' ' -f 1) $(stat -c %a "$path") $path"
done
for unit in ${DATA_UNITS.join(" ")}; do
  [ ! -s ${MARKS}/$unit ] || echo "mark $unit $(cat ${MARKS}/$unit)"
done
[ ! -d ${DATA_PATHS.etcdData}/member ] || echo "data etcd"
[ ! -s ${DATA_PATHS.etcdBegin} ] || echo "begin $(cat ${DATA_PATHS.etcdBegin})"
[ ! -s ${DATA_PATHS.postgresqlData}/PG_VERSION ] || echo "data postgresql"
[ ! -d ${DATA_PATHS.redisData}/appendonlydir ] || echo "data redis"
for service in ${Object.values(SERVICES).join(" ")}; do
  if systemctl --quiet is-active "$service"; then echo "active $service"; fi
done`;
}

interface WantedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Reads what the script printed. */
export function parseDataFacts(printed: string, wanted: readonly WantedFile[]): DataFacts {
  const lines = printed.split("\n").map((line) => line.split(" "));
  const words = (kind: string) => lines.filter(([first]) => first === kind).map(([, ...rest]) => rest);
  const present = new Set(words("file").map((rest) => rest.join(" ")));
  const there = new Set(words("file").map(([, , ...path]) => path.join(" ")));
  const data = new Set(words("data").map(([what]) => what));
  const isUnit = (name: string | undefined): name is DataUnit => DATA_UNITS.some((unit) => unit === name);
  return {
    missing: words("missing").map(([program = ""]) => program),
    outdated: wanted
      .filter(({ path, content, mode }) => !present.has(`${sha256(content)} ${mode.toString(8)} ${path}`))
      .map(({ path }) => path),
    absent: wanted.filter(({ path }) => !there.has(path)).map(({ path }) => path),
    marks: new Map(words("mark").flatMap(([unit, digest = ""]) => (isUnit(unit) ? [[unit, digest] as const] : []))),
    etcd: { data: data.has("etcd"), begin: words("begin")[0]?.[0] },
    postgresql: { data: data.has("postgresql") },
    redis: { data: data.has("redis") },
    active: new Set(words("active").map(([service = ""]) => service)),
  };
}
