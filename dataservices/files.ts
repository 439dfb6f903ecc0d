import { dirname } from "node:path";
import { quoted } from "../hosts/quote.js";
import type { DataUnit } from "../release/data-context.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { sha256 } from "../release/digest.js";
import type { DataMember } from "./cluster.js";
import { MARKS, SERVICES } from "./places.js";

/**
 * Brings files to their places, each at once. The marks of the units that must act are taken away before: whatever
 * happens from here on, they will act.
 * @param paths - which of the member's files
 */
export async function putFiles({ host, release }: DataMember, paths: readonly string[]): Promise<void> {
  const files = release.files.filter(({ path }) => paths.includes(path));
  if (files.length === 0) return;
  const units = [...new Set(files.map(({ unit }) => unit))];
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  const sums = files.map(({ content, path }) => `${sha256(content)}  ${path}.harborwright~`).join("\n");
  const script = `
umask 022
mkdir -p ${MARKS} ${folders.map(quoted).join(" ")}
umask 077
${files.map(({ content, path }) => `head -c ${Buffer.byteLength(content)} > ${quoted(`${path}.harborwright~`)}`).join("\n")}
printf '%s\\n' ${quoted(sums)} | sha256sum -c --quiet -
${files.map(({ mode, path }) => `chmod ${mode.toString(8)} ${quoted(`${path}.harborwright~`)}`).join("\n")}
rm -f ${units.map((unit) => `${MARKS}/${unit}`).join(" ")}
sync ${files.map(({ path }) => quoted(`${path}.harborwright~`)).join(" ")} ${MARKS}
${files.map(({ path }) => `mv -fT ${quoted(`${path}.harborwright~`)} ${quoted(path)}`).join("\n")}`;
  await host.change(`install ${files.length} file${files.length === 1 ? "" : "s"} of the data services`, script, {
    input: files.map(({ content }) => content).join(""),
  });
}

/** What the host itself takes up: folders, the kernel's settings, who may reach it. */
export async function settleHost({ host }: DataMember): Promise<void> {
  const script = `
systemctl daemon-reload
# Data that a host finds from before its system was made anew belongs to numbers which are other users now.
own() {
  [ -d "$2" ] || return 0
  [ "$(find "$2" -mindepth 1 ! -user "$1" -print -quit)" = "" ] || chown -R "$1:" "$2"
}
own etcd ${DATA_PATHS.etcd}
own postgres ${DATA_PATHS.postgresql}
own redis ${DATA_PATHS.redisData}
systemd-tmpfiles --create ${DATA_PATHS.tmpfiles}
# In a container the kernel belongs to somebody else.
sysctl --quiet --load ${DATA_PATHS.sysctl} 1>&2 || true
systemctl --quiet enable ${SERVICES.filter}
systemctl restart ${SERVICES.filter}`;
  await host.change("settle folders, kernel and packet filter of the data services", script);
}

/** Writes down that units have taken up their files. */
export async function markUnits({ host, release }: DataMember, units: readonly DataUnit[]): Promise<void> {
  if (units.length === 0) return;
  const script = `
mkdir -p ${MARKS}
${units.map((unit) => `echo ${release.units[unit]} > ${MARKS}/${unit}`).join("\n")}
sync ${MARKS}`;
  await host.change("mark what has been taken up", script);
}
