import type { Host } from "../hosts/host.js";
import type { DataServicesPlaces } from "../release/own-data-services.js";
import { Problem } from "../spec/problem.js";
import { REDIS_PASSWORD } from "./places.js";

/**
 * Takes everything out of Redis: sessions, queued jobs, and copies of rows that are no longer those of the data base.
 * Nothing of Harbor may run meanwhile. The schedules come back from the data base when a job service starts.
 * @param hosts - those that carry it
 * @throws Problem `data-services/redis-no-primary`
 */
export async function emptyRedis({ nodes, settings }: DataServicesPlaces, hosts: readonly Host[]): Promise<void> {
  const emptied = await Promise.all(
    hosts.map(async (host) => {
      const address = nodes.find(({ name }) => name === host.node.name)?.address;
      if (address === undefined) return false;
      const redis = `redis-cli -h ${address} -p ${settings.ports.redis}`;
      const script = `
${REDIS_PASSWORD}
if [ "$(${redis} role 2>/dev/null | head -n 1)" = master ]; then
  [ "$(${redis} flushall)" = OK ]
  echo yes
fi`;
      return (await host.change("empty Redis", script)).trim() === "yes";
    }),
  );
  if (emptied.includes(true)) return;
  throw new Problem({
    code: "data-services/redis-no-primary",
    says: "no Redis of this environment is the primary",
    instead:
      "look at the logs of harborwright-redis and harborwright-sentinel on the nodes, then give the same command again",
  });
}
