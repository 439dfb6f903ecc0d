import { ENGINE_VERSIONS, type Engine, type EngineVersion, isVersionOf } from "./engine.js";
import { harborPatch } from "./harbor/release.js";
import { Problem } from "./problem.js";

/** A version of Harbor, from which other ones it may be upgraded to, and its data base. */
interface HarborStep {
  readonly version: string;
  /** The oldest version that may be upgraded to it in one step. */
  readonly from: string;
  /** Number of its first migration; patches of it may bring further ones, up to the next version's. */
  readonly schema: number;
}

/**
 * What upstream documents (goharbor/website, "Upgrade Harbor and Migrate Data" of each version), and the numbers of the
 * migrations (goharbor/harbor, make/migrations/postgresql). The oldest first.
 */
export const HARBOR_STEPS: readonly HarborStep[] = [
  { version: "2.5", from: "2.3", schema: 80 },
  { version: "2.6", from: "2.4", schema: 90 },
  { version: "2.7", from: "2.5", schema: 100 },
  { version: "2.8", from: "2.6", schema: 110 },
  { version: "2.9", from: "2.7", schema: 120 },
  { version: "2.10", from: "2.8", schema: 130 },
  { version: "2.11", from: "2.9", schema: 140 },
  { version: "2.12", from: "2.10", schema: 150 },
  { version: "2.13", from: "2.11", schema: 160 },
  { version: "2.14", from: "2.11", schema: 170 },
  { version: "2.15", from: "2.12", schema: 180 },
];

/** Whether a version is older (negative), the same (0) or newer than another. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one.split(".").map(Number), other.split(".").map(Number)];
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * The versions of Harbor to go through, the last one included: as few as upstream's documents allow. Empty when there is
 * nothing to go through, or no way that is known.
 */
export function harborHops(from: string, to: string): string[] {
  if (compareVersions(from, to) >= 0) return [];
  // The farthest step that is allowed from each place: there is no shorter way.
  const allowed = HARBOR_STEPS.filter(
    ({ version, from: oldest }) =>
      compareVersions(version, from) > 0 && compareVersions(version, to) <= 0 && compareVersions(oldest, from) <= 0,
  );
  const next = allowed.at(-1);
  if (next === undefined) return [];
  const rest = harborHops(next.version, to);
  return next.version === to || rest.length > 0 ? [next.version, ...rest] : [];
}

/** The version of Harbor that made a data base's schema. @default - one that is older or newer than all that are known */
export function harborOfSchema(schema: number): string | undefined {
  const newest = HARBOR_STEPS.at(-1);
  if (newest === undefined || schema >= newest.schema + 10) return undefined;
  return HARBOR_STEPS.findLast((step) => step.schema <= schema)?.version;
}

/**
 * The version that a user means by 2.15 or by 2.15.2.
 * @throws Problem `upgrade/unknown-version`, `upgrade/other-patch`
 */
export function versionNamed(engine: Engine, named: string): EngineVersion {
  const versions: readonly EngineVersion[] = ENGINE_VERSIONS[engine];
  const found = versions.find((version) => named === version || named.startsWith(`${version}.`));
  if (found === undefined) {
    throw new Problem({
      code: "upgrade/unknown-version",
      says: `this harborwright knows no ${engine} ${named}`,
      instead: `it brings ${versions.join(", ")}`,
    });
  }
  if (named === found || engine !== "harbor" || harborPatch(found) === named) return found;
  throw new Problem({
    code: "upgrade/other-patch",
    says: `of Harbor ${found} this harborwright brings ${harborPatch(found)}, not ${named}`,
    instead: `--to ${found}; other patches come with other versions of harborwright`,
  });
}

/**
 * Refuses what cannot be done in one step.
 * @throws Problem `upgrade/downgrade`, `upgrade/jump`, as {@link versionNamed}
 */
export function assertUpgrade(engine: Engine, from: string, to: EngineVersion): void {
  if (!isVersionOf(engine, to)) throw new RangeError(`${engine} has no version ${to}`);
  if (compareVersions(to, from) < 0) throw downgrade(engine, from, to);
  if (engine !== "harbor" || from === to) return;
  const hops = harborHops(from, to);
  if (hops.length === 1) return;
  const way = hops.length === 0 ? "no way is documented" : `go over ${hops.join(", then ")}`;
  throw new Problem({
    code: "upgrade/jump",
    says: `Harbor ${from} is not upgraded to ${to} in one step: ${way}`,
    instead:
      "upgrade to each of them in turn, with the tools that brought this Harbor here, and back it up before each",
    source: "goharbor/website, administration/upgrade",
  });
}

function downgrade(engine: Engine, from: string, to: string): Problem {
  return new Problem({
    code: "upgrade/downgrade",
    says: `${to} is older than ${from}, which is in the file`,
    instead:
      engine === "harbor"
        ? "a data base that was migrated does not go back: put the old environment file in its place and restore the backup from before the upgrade, with `harborwright restore`"
        : "write the older version into registry.version and run `harborwright up`",
    field: "registry.version",
  });
}
