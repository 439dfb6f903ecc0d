import { expect, test } from "vitest";
import { missingControllers } from "../../supply/cgroups.js";

const HEAD = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n";

test("controllers that no hierarchy has are mounted before hosts are, in the groups that systemd expects", () => {
  const table = `${HEAD}cpuset\t3\t1\t1\nnet_cls\t0\t1\t1\nperf_event\t0\t1\t1\nnet_prio\t0\t1\t1\nhugetlb\t0\t1\t1\n`;
  expect(missingControllers(table)).toEqual(["hugetlb", "net_cls,net_prio", "perf_event"]);
});

test("a controller that the kernel has switched off is left alone", () => {
  expect(missingControllers(`${HEAD}memory\t0\t1\t0\nnet_cls\t0\t1\t1\nnet_prio\t0\t1\t0\n`)).toEqual(["net_cls"]);
});

test("a machine with everything in its place needs nothing", () => {
  expect(missingControllers(`${HEAD}cpu\t1\t1\t1\nmemory\t4\t12\t1\n`)).toEqual([]);
});
