import { quoted } from "../hosts/quote.js";
import { DATA_FILES, DATA_PATHS } from "../release/data-layout.js";
import type { DataPlace, DataPlaces } from "./cluster.js";
import { MARKS, SERVICES } from "./places.js";

/**
 * Ends data base and Redis on all hosts and takes their files away. The packages stay; the data stays, too, unless it
 * is asked for otherwise: data services that are made again on these hosts go on with it.
 */
export async function removeDataServices(
  { members }: Pick<DataPlaces, "members">,
  options: { readonly deleteData: boolean },
): Promise<void> {
  // Sentinels first, or they would choose another primary for each that ends.
  for (const unit of [SERVICES.sentinel, SERVICES.entry, SERVICES.redis, SERVICES.postgresql, SERVICES.etcd]) {
    await Promise.all(members.map((member) => stop(member, unit)));
  }
  await Promise.all(members.map((member) => takeAway(member, options.deleteData)));
}

async function stop({ host }: DataPlace, unit: string): Promise<void> {
  const script = `[ ! -e /etc/systemd/system/${unit} ] || systemctl --quiet disable --now ${unit}`;
  await host.change(`stop ${unit}`, script, { timeout: 120_000 });
}

async function takeAway({ host }: DataPlace, deleteData: boolean): Promise<void> {
  const { etcd, postgresql, redisData } = DATA_PATHS;
  const script = `
[ ! -e ${DATA_PATHS.filterUnit} ] || systemctl --quiet disable --now ${SERVICES.filter}
iptables --wait --list-rules INPUT | sed -n 's/^-A \\(.* -j HARBORWRIGHT-DATA\\)$/\\1/p' | while read -r rule; do
  # shellcheck disable=SC2086
  iptables --wait --delete $rule
done
iptables --wait --flush HARBORWRIGHT-DATA 2>/dev/null && iptables --wait --delete-chain HARBORWRIGHT-DATA || true
rm -f ${DATA_FILES.map(quoted).join(" ")}
rm -rf ${MARKS}
${deleteData ? emptied([etcd, postgresql, redisData]) : ""}
systemctl daemon-reload`;
  await host.change("take the data services away", script, { timeout: 300_000 });
}

/** Each may be a disk of its own, which cannot be removed but can be left empty. */
function emptied(folders: readonly string[]): string {
  return `for folder in ${folders.join(" ")}; do
  [ ! -d $folder ] || find $folder -mindepth 1 -delete
  rmdir $folder 2>/dev/null || true
done`;
}
