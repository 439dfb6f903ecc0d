import { chmod, copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { $ } from "zx/core";
import { kept } from "../../../supply/cache.js";
import { downloadWithLibraries, unpackAll } from "../../../supply/debian-package.js";
import { goFailed, provideGo } from "../../../supply/go.js";
import { ARCHITECTURE } from "../../../supply/go-tool.js";
import type { Progress } from "../../../supply/progress.js";

/** Sources of the program that is all of Harbor's own. */
export const PROGRAM_SOURCES = fileURLToPath(new URL("program", import.meta.url));

/** What is real in the images. */
export const PACKAGES = ["busybox-static", "docker-registry", "nginx", "postgresql-client-15"];

/** Where our program is called by the names of Harbor's. */
const PROGRAM = "/usr/bin/harbor-stand-in";
const NAMES = [
  "/usr/bin/python3",
  "/usr/bin/harbor_portal",
  "/usr/sbin/rsyslogd",
  "/harbor/harbor_core",
  "/harbor/harbor_jobservice",
  "/harbor/harbor_exporter",
  "/home/harbor/harbor_registryctl",
  "/home/scanner/bin/scanner-trivy",
];

/** Puts what Harbor's programs shall trust into one file. */
const INSTALL_CERTIFICATES = `#!/bin/sh
set -e
cat /etc/ssl/certs/ca-certificates.crt >/tmp/authorities.crt
for one in /harbor_cust_cert/*.crt; do
    [ ! -f "$one" ] || cat "$one" >>/tmp/authorities.crt
done
`;

const SCRIPTS: Readonly<Record<string, string>> = {
  "/harbor/install_cert.sh": INSTALL_CERTIFICATES,
  "/home/harbor/install_cert.sh": INSTALL_CERTIFICATES,
  "/home/scanner/install_cert.sh": INSTALL_CERTIFICATES,
  "/harbor/entrypoint.sh": '#!/bin/sh\nset -e\n/harbor/install_cert.sh\nexec "$STAND_IN_PROGRAM"\n',
  "/home/harbor/start.sh":
    "#!/bin/sh\nset -e\n/home/harbor/install_cert.sh\nexec /home/harbor/harbor_registryctl -c /etc/registryctl/config.yml\n",
  "/home/harbor/entrypoint.sh": `#!/bin/sh
set -e
/home/harbor/install_cert.sh
export SSL_CERT_FILE=/tmp/authorities.crt
exec /usr/bin/registry_DO_NOT_USE_GC serve /etc/registry/config.yml
`,
  "/home/scanner/entrypoint.sh":
    "#!/bin/sh\nset -e\n/home/scanner/install_cert.sh\nexec /home/scanner/bin/scanner-trivy\n",
  "/usr/local/bin/start.sh": "#!/bin/sh\nset -e\nexec rsyslogd -n\n",
  "/docker-entrypoint.sh": "#!/bin/sh\necho 'the data base runs elsewhere' >&2\nexit 1\n",
};

const TOOLS =
  "sh cat ls cp mv rm mkdir chmod chown grep sed awk sleep kill ps id env date tr head tail wc find sort touch test true false wget nc";

const FOLDERS = [
  "etc/ssl/certs",
  "run",
  "usr/bin",
  "usr/sbin",
  "usr/lib",
  "usr/lib64",
  "usr/src/app",
  "var/log",
  "var/lib",
];

/** Lays out the one tree of files that all images have in common. */
export async function layOutStandIn(tree: string, work: string, progress: Progress): Promise<void> {
  await cp(join(await packagesTree(progress), "tree"), tree, { recursive: true, verbatimSymlinks: true });
  await put(tree, PROGRAM, await buildProgram(work, progress));
  for (const name of NAMES) await link(tree, name, PROGRAM);
  for (const tool of TOOLS.split(" ")) await link(tree, `/usr/bin/${tool}`, "/usr/bin/busybox");
  await link(tree, "/usr/bin/registry_DO_NOT_USE_GC", "/usr/bin/docker-registry");
  await link(tree, "/usr/pgsql/15/bin", "/usr/lib/postgresql/15/bin");
  for (const [path, text] of Object.entries(SCRIPTS)) await put(tree, path, text);
  await layOutNames(tree);
}

/** The real programs, which do not change with ours. */
function packagesTree(progress: Progress): Promise<string> {
  return kept(
    {
      shelf: "harbor-stand-in",
      name: "packages",
      inputs: { packages: PACKAGES, architecture: ARCHITECTURE, recipe: 1 },
      what: "unpack the real programs among Harbor's stand-ins",
      about: "20 s",
      make: (inside) => layOutPackages(join(inside, "tree"), join(inside, "packages"), progress),
    },
    progress,
  );
}

async function layOutPackages(tree: string, packages: string, progress: Progress): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(tree, folder), { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${name}`, join(tree, name));
  for (const name of PACKAGES) {
    const folder = join(packages, name);
    await mkdir(folder, { recursive: true });
    await downloadWithLibraries(name, folder, progress);
    await unpackAll(folder, tree);
  }
  // Those of this machine will do: nothing of them is asked for in a test.
  await copyFile("/etc/ssl/certs/ca-certificates.crt", join(tree, "etc/ssl/certs/ca-certificates.crt")).catch(() =>
    writeFile(join(tree, "etc/ssl/certs/ca-certificates.crt"), ""),
  );
  await mkdir(join(tree, "var/log/nginx"), { recursive: true });
  await symlink("/dev/stderr", join(tree, "var/log/nginx/error.log"));
  await rm(packages, { recursive: true });
}

async function layOutNames(tree: string): Promise<void> {
  const users = { root: 0, harbor: 10000, postgres: 999 };
  const lines = Object.entries(users);
  await writeFile(join(tree, "etc/passwd"), lines.map(([name, id]) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(""));
  await writeFile(join(tree, "etc/group"), lines.map(([name, id]) => `${name}:x:${id}:\n`).join(""));
  await writeFile(join(tree, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
}

/** Built as our other programs are: static, and the same bytes wherever the same Go builds it. */
async function buildProgram(folder: string, progress: Progress): Promise<Buffer> {
  const go = await provideGo(progress);
  await mkdir(folder, { recursive: true });
  const env = {
    ...process.env,
    GOTOOLCHAIN: "local",
    GOFLAGS: "-trimpath -buildvcs=false",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOOS: "linux",
    GOARCH: ARCHITECTURE,
  };
  const run = $({ quiet: true, nothrow: true, cwd: PROGRAM_SOURCES, env });
  const built = await run`${go} build -ldflags=${"-s -w"} -o ${join(folder, "harbor-stand-in")} .`;
  if (built.exitCode !== 0) throw goFailed("build the stand-in for Harbor's programs", built.stderr);
  return readFile(join(folder, "harbor-stand-in"));
}

async function put(tree: string, path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), content);
  await chmod(join(tree, path), 0o755);
}

async function link(tree: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await symlink(target, join(tree, path));
}
