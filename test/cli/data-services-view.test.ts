import pc from "picocolors";
import { expect, test } from "vitest";
import { dataServicesLines } from "../../cli/data-services-view.js";
import { dataTroubles, parseHealth } from "../../dataservices/health.js";

const plain = pc.createColors(false);
const WELL = `installed yes
etcd yes
patroni {"state": "running", "role": "replica", "sync_standby": true}
entry yes
redis role:slave master_link_status:up
sentinel yes
disk 41`;

test("status shows what each node is to the others, and what is wrong below", () => {
  const nodes = [
    { ...parseHealth("node-1", WELL), postgresql: "primary" as const, redis: "primary" as const },
    parseHealth("node-2", WELL),
    { ...parseHealth("node-3", ""), reached: false },
  ];
  expect(dataServicesLines({ nodes, troubles: dataTroubles(nodes) }, plain)).toEqual([
    "data base and Redis",
    "  ✓ node-1  PostgreSQL primary · Redis primary · disk 41 %",
    "  ✓ node-2  PostgreSQL synchronous · Redis replica · disk 41 %",
    "  ✗ node-3  cannot be asked",
    "  ! node-3 cannot be asked",
  ]);
});

test("before the first up one line says so", () => {
  const nodes = ["node-1", "node-2", "node-3"].map((node) => parseHealth(node, ""));
  expect(dataServicesLines({ nodes, troubles: dataTroubles(nodes) }, plain)).toEqual([
    "data base and Redis",
    "  ✗ data base and Redis are not on the nodes yet",
  ]);
});

test("an environment without them has no lines", () => {
  expect(dataServicesLines(undefined, plain)).toEqual([]);
});
