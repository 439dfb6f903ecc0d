import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DATA_PATHS } from "../../release/data-layout.js";
import { dataAddresses, renderDataServices } from "../../release/data-services.js";
import { patroniSettings } from "../../release/views/postgresql.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { dataContext, dataFileAt } from "./data-example.js";
import { MARK } from "./example.js";

const counts = fc.integer({ min: 1, max: 4 }).map((half) => 2 * half + 1);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.details.code;
    throw error;
  }
  return "nothing";
}

describe("data services", () => {
  test("the same input gives the same bytes, sorted by path, and no path comes twice", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const once = renderDataServices(dataContext(count));
        expect(renderDataServices(dataContext(count))).toEqual(once);
        for (const { files } of once) {
          const paths = files.map(({ path }) => path);
          expect(paths).toEqual([...new Set(paths)].sort());
        }
      }),
      { numRuns: 10 },
    );
  });

  test("a secret lies in sensitive files that others cannot read, and is masked wherever people look", () => {
    const files = renderDataServices(dataContext()).flatMap((release) => release.files);
    const holding = files.filter(({ content }) => content.includes(MARK));
    expect(new Set(holding.map(({ path }) => path))).toEqual(
      new Set([DATA_PATHS.certificateKey, DATA_PATHS.patroniConfig, DATA_PATHS.redisConfig, DATA_PATHS.sentinelConfig]),
    );
    for (const file of holding) {
      expect(file.sensitive).toBe(true);
      expect(file.mode & 0o007).toBe(0);
      expect(file.masked).not.toContain(MARK);
    }
  });

  test("every member of etcd is told of all, and of itself by its own name", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const context = dataContext(count);
        const releases = renderDataServices(context);
        for (const [index, node] of context.nodes.entries()) {
          const etcd = parse(dataFileAt(releases[index], DATA_PATHS.etcdConfig).content);
          const members = String(etcd["initial-cluster"]).split(",");
          expect(members).toHaveLength(count);
          expect(members).toContain(`${etcd.name}=${etcd["initial-advertise-peer-urls"]}`);
          expect(etcd.name).toBe(node.name);
        }
      }),
      { numRuns: 10 },
    );
  });

  test("another password changes the files of its own programs and of no other", () => {
    const [before] = renderDataServices(dataContext());
    const { secrets } = dataContext();
    const [after] = renderDataServices(
      dataContext(3, { secrets: { ...secrets, redisPassword: new Secret("another-one-of-redis") } }),
    );
    const changed = Object.entries(after?.units ?? {}).filter(([unit, digest]) =>
      Object.entries(before?.units ?? {}).every(([name, old]) => name !== unit || old !== digest),
    );
    expect(changed.map(([unit]) => unit)).toEqual(["redis", "sentinel"]);
  });

  test("Harbor's own password is in no file: it is told to the data base alone", () => {
    for (const { files } of renderDataServices(dataContext())) {
      expect(files.filter(({ content }) => content.includes(`${MARK}database`))).toEqual([]);
    }
  });

  test("a slow answer of etcd is no loss: two tries and a turn fit into the time for which the primary's word holds", () => {
    const { ttl, loop_wait, retry_timeout } = patroniSettings(dataContext());
    expect(loop_wait + 2 * retry_timeout).toBeLessThanOrEqual(ttl);
  });

  test("only nodes reach PostgreSQL, over TLS and with a password", () => {
    const [first] = renderDataServices(dataContext());
    const { postgresql } = parse(dataFileAt(first, DATA_PATHS.patroniConfig).content);
    const remote = postgresql.pg_hba.filter((rule: string) => !rule.startsWith("local "));
    expect(remote.at(-1)).toBe("host all all all reject");
    for (const rule of remote.slice(0, -1)) {
      expect(rule).toMatch(/^hostssl \S+ \S+ 198\.18\.49\.1[123]\/32 scram-sha-256$/);
    }
  });

  test("each node has a way of its own to the primary, and all have the same sentinels", () => {
    const context = dataContext();
    const addresses = context.nodes.map(({ name }) => dataAddresses(context, name));
    expect(addresses.map(({ database }) => `${database.host}:${database.port}`)).toEqual([
      "198.18.49.11:5433",
      "198.18.49.12:5433",
      "198.18.49.13:5433",
    ]);
    expect(new Set(addresses.map(({ redis }) => JSON.stringify(redis))).size).toBe(1);
    expect(addresses[0]?.redis.sentinels).toEqual(["198.18.49.11:26379", "198.18.49.12:26379", "198.18.49.13:26379"]);
  });

  test("two nodes, four, and passwords that a configuration file would read otherwise are refused", () => {
    const { secrets } = dataContext();
    const odd = new Secret(`${MARK}with"quotes`);
    expect(codeOf(() => renderDataServices(dataContext(2)))).toBe("data-services/too-few-nodes");
    expect(codeOf(() => renderDataServices(dataContext(4)))).toBe("data-services/too-few-nodes");
    expect(codeOf(() => renderDataServices(dataContext(3, { secrets: { ...secrets, redisPassword: odd } })))).toBe(
      "data-services/password-characters",
    );
  });
});
