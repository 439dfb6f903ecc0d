import type { Host } from "../hosts/host.js";
import { parseReleaseManifest, type ReleaseManifest } from "../release/manifest.js";
import { Problem } from "../spec/problem.js";
import { PLACES } from "./places.js";
import { type Wanted, wanted } from "./wanted.js";

/**
 * Reads a release that lies on its host: what it is, and its texts without secrets.
 * @throws Problem `rollback/release-gone` when it is not there any more
 */
export async function stagedRelease(host: Host, name: string): Promise<Wanted> {
  const [manifest, ...texts] = (await host.read(script(name))).split("\n");
  if (manifest === undefined || manifest === "") throw gone(host, name);
  return fromManifest(parseReleaseManifest(decoded(manifest)), new Map(texts.map(readText)));
}

/** The manifest, then a line with path and text for each file; in base64. */
function script(name: string): string {
  return `
cd ${PLACES.releases}/${name} 2>/dev/null || exit 0
base64 -w0 release.json
echo
cd files
for path in $(find . -type f); do
  text=$path
  [ ! -f "../masked/$path" ] || text=../masked/$path
  printf '%s %s\\n' "$path" "$(base64 -w0 "$text")"
done`;
}

function fromManifest(manifest: ReleaseManifest, texts: ReadonlyMap<string, string>): Wanted {
  const files = manifest.files.map((file) => ({
    path: file.path,
    state: { sha256: file.sha256, mode: file.mode.toString(8), owner: `${file.owner}:${file.group}` },
    unit: file.unit,
    sensitive: file.sensitive,
    masked: texts.get(file.path) ?? "",
  }));
  return wanted(manifest, files);
}

/** `./etc/x dGV4dA==` */
function readText(line: string): [string, string] {
  const at = line.indexOf(" ");
  return [line.slice(1, at), decoded(line.slice(at + 1))];
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

function gone({ node }: Host, name: string): Problem {
  return new Problem({
    code: "rollback/release-gone",
    says: `release ${name} is no longer on ${node.name}`,
    instead:
      "check out the environment file as it was then and run `harborwright up`; hosts.keepReleases says how many are kept",
  });
}
