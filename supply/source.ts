import { Problem } from "../spec/problem.js";
import { pinOf } from "./pins.js";
import type { Progress } from "./progress.js";
import { sourceByReach } from "./reach.js";

/** Where images come from: hosts pull them from a registry, or they are made here and sent. */
export type ImageSource = "pull" | "make";

/** Where images of docker.io are; Docker's engine knows this by heart. */
const DOCKER_IO = "registry-1.docker.io";

/** Milliseconds a registry may take to show a pinned image. */
const ANSWER_WITHIN = 3_000;

/**
 * Whether images are pulled or made. `HARBORWRIGHT_IMAGES=pull|make` decides; else whether this machine reaches the
 * registry of the pinned images. Once it was reached it is taken to be reachable for good: an outage must end in an
 * error, not in hosts that are given other images. That it was not reached is believed for a day.
 * @throws Problem `supply/images-unknown` for another value of the variable
 */
export async function imageSource(progress: Progress, now = Date.now()): Promise<ImageSource> {
  const forced = process.env.HARBORWRIGHT_IMAGES;
  if (forced === "pull" || forced === "make") return forced;
  if (forced) throw unknownSource(forced);
  const { source, fresh } = await sourceByReach(
    { name: "images", whenReached: "pull", whenNot: "make", look: registryAnswers },
    now,
  );
  if (source === "make" && fresh) progress.note("no image registry can be reached: images are made from packages");
  return source;
}

/**
 * Asks for a pinned image without logging in: a registry says no (401), but says it as a registry. No program is
 * needed for it: on a fresh machine there is none yet.
 */
async function registryAnswers(): Promise<boolean> {
  const [, path, digest] = /^docker\.io\/([^@]+)@(.+)$/.exec(pinOf({ name: "registry" }).pulled) ?? [];
  try {
    const answer = await fetch(`https://${DOCKER_IO}/v2/${path}/manifests/${digest}`, {
      method: "HEAD",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    return answer.headers.get("docker-distribution-api-version") === "registry/2.0";
  } catch {
    return false;
  }
}

function unknownSource(value: string): Problem {
  return new Problem({
    code: "supply/images-unknown",
    says: `HARBORWRIGHT_IMAGES is ${value}`,
    instead: "pull (from docker.io), make (from packages), or unset to find out",
  });
}
