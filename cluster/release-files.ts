import { dirname } from "node:path";
import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { sha256 } from "../release/digest.js";
import { releaseManifest } from "../release/manifest.js";
import type { Release, ReleaseFile } from "../release/release.js";
import { auditScript } from "./audit.js";
import type { FileChange } from "./file-changes.js";
import { type GatePoints, gateFile } from "./gate-points.js";
import { type JournalEntry, journalled, TRIM_JOURNAL } from "./journal.js";
import { MARKS, type Mark, PLACES } from "./places.js";
import type { Wanted } from "./wanted.js";

/** A file inside the folder of a release. */
interface StagedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string;
  readonly owner: string;
}

/** Brings a release to its host without touching what runs: its folder appears whole or not at all. */
export async function stageRelease(
  host: Host,
  release: Release,
  points: GatePoints,
  entry: JournalEntry,
): Promise<void> {
  const files = stagedFiles(release, points);
  await host.change(`stage release ${entry.release}`, journalled(entry, stageScript(entry.release, files)), {
    input: Buffer.concat(files.map((file) => Buffer.from(file.content, "utf8"))),
  });
}

function stagedFiles(release: Release, points: GatePoints): StagedFile[] {
  const plain = { mode: "600", owner: "0:0" };
  return [
    { path: "release.json", content: releaseManifest(release), ...plain },
    { path: "gate", content: gateFile(points), ...plain },
    ...release.files.map((file) => ({
      path: `files${file.path}`,
      content: file.content,
      mode: file.mode.toString(8),
      owner: `${file.owner}:${file.group}`,
    })),
    ...release.files
      .filter((file: ReleaseFile) => file.sensitive)
      .map((file) => ({ path: `masked${file.path}`, content: file.masked, ...plain })),
  ];
}

/**
 * The files come one after the other through standard input, each cut off at its length. Their digests are compared
 * before the folder gets its name, so a connection that broke leaves nothing that counts.
 */
function stageScript(name: string, files: readonly StagedFile[]): string {
  const folders = [...new Set(files.map((file) => dirname(file.path)))];
  const sums = files.map((file) => `${sha256(file.content)}  ${file.path}`).join("\n");
  return `
mkdir -p ${PLACES.releases}
chmod 0700 ${PLACES.releases}
cd ${PLACES.releases}
rm -rf ${name}.partial
umask 077
mkdir ${name}.partial
cd ${name}.partial
mkdir -p ${folders.map(quoted).join(" ")}
${files.map((file) => `head -c ${Buffer.byteLength(file.content)} > ${quoted(file.path)}`).join("\n")}
${rights(files)}
printf '%s\\n' ${quoted(sums)} | sha256sum -c --quiet -
sync ${files.map((file) => quoted(file.path)).join(" ")} ${folders.map(quoted).join(" ")} .
cd ..
if [ ! -d ${name} ]; then mv -T ${name}.partial ${name}; else rm -rf ${name}.partial; fi
sync .`;
}

/** One chmod and one chown for all files with the same rights. */
function rights(files: readonly StagedFile[]): string {
  const commands = new Map<string, string[]>();
  for (const file of files) {
    for (const command of [`chown ${file.owner}`, `chmod ${file.mode}`]) {
      commands.set(command, [...(commands.get(command) ?? []), quoted(file.path)]);
    }
  }
  // A change of owner may take rights away, so rights come last.
  return [...commands]
    .sort(([one], [other]) => (one > other ? -1 : 1))
    .map(([command, paths]) => `${command} ${paths.join(" ")}`)
    .join("\n");
}

/**
 * Puts the files of a staged release in their places, each at once, and makes it the current one. Before that the
 * marks of the parts that must act are taken away: whatever happens from here on, they will act.
 */
export async function switchRelease(
  host: Host,
  wanted: Wanted,
  files: readonly FileChange[],
  marks: readonly Mark[],
  entry: JournalEntry,
): Promise<void> {
  const installed = files.filter((file) => file.change !== "remove").map((file) => file.path);
  const script = `
cd ${PLACES.releases}/${wanted.name}
mkdir -p ${PLACES.runtime} ${PLACES.records} ${PLACES.logs}
cd files
${marks.length === 0 ? "" : `rm -f ${marks.map((mark) => `${PLACES.records}/${MARKS[mark]}`).join(" ")}; sync ${PLACES.records}`}
# The suffix is one that logrotate and systemd pass over.
for path in ${installed.map(quoted).join(" ")}; do
  mkdir -p "\${path%/*}"
  cp --preserve=mode,ownership ".$path" "$path.harborwright~"
  sync "$path.harborwright~"
  mv -fT "$path.harborwright~" "$path"
done
from=$(readlink ${PLACES.current} || true)
from=\${from##*/}
if [ "$from" != ${wanted.name} ]; then
  cd /opt/harborwright
  [ -z "$from" ] || { ln -sfn "releases/$from" previous.partial; mv -fT previous.partial previous; }
  ln -sfn releases/${wanted.name} current.partial
  mv -fT current.partial current
  sync .
  ${auditScript(entry.operator, wanted.node, wanted.name)}
fi
[ ! -e /etc/tmpfiles.d/harborwright.conf ] || systemd-tmpfiles --create /etc/tmpfiles.d/harborwright.conf`;
  await host.change(`switch to release ${wanted.name}`, journalled(entry, script));
}

/** Takes away files that no longer belong, releases beyond those that are kept, and old lines of the journal. */
export async function removeStale(
  host: Host,
  files: readonly FileChange[],
  keep: { readonly count: number; readonly names: readonly string[] },
  entry: JournalEntry,
): Promise<void> {
  const removed = files.filter((file) => file.change === "remove").map((file) => quoted(file.path));
  const script = `
${removed.length === 0 ? "" : `rm -f ${removed.join(" ")}\nsystemctl daemon-reload`}
cd ${PLACES.releases}
rm -rf ./*.partial
current=$(readlink ${PLACES.current} || true)
previous=$(readlink ${PLACES.previous} || true)
count=0
for name in $(ls -1t); do
  count=$((count + 1))
  case " \${current##*/} \${previous##*/} ${keep.names.join(" ")} " in *" $name "*) continue ;; esac
  [ $count -le ${keep.count} ] || rm -rf "$name"
done
${TRIM_JOURNAL}`;
  await host.change("remove what is stale", journalled(entry, script));
}
