import type { HarborImageName } from "../../../release/harbor-images.js";
import type { ImageSettings } from "../../../supply/image-archive.js";

/** User and group of Harbor's containers, and those of PostgreSQL in its image. */
const HARBOR = "10000:10000";
const POSTGRES = "999:999";

/** What an image of upstream's is started with. */
interface Start {
  readonly user: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
  readonly stopSignal?: string;
  /** The program of ours that its entrypoint starts. */
  readonly program?: string;
}

const STARTS: Readonly<Record<HarborImageName, Start>> = {
  prepare: { user: "0:0", entrypoint: ["python3", "main.py"], workingDirectory: "/usr/src/app" },
  "harbor-log": { user: "0:0", command: ["/bin/sh", "-c", "/usr/local/bin/start.sh"] },
  "registry-photon": { user: HARBOR, entrypoint: ["/home/harbor/entrypoint.sh"] },
  "harbor-registryctl": { user: HARBOR, entrypoint: ["/home/harbor/start.sh"] },
  "harbor-core": {
    user: HARBOR,
    entrypoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    program: "/harbor/harbor_core",
  },
  "harbor-portal": { user: HARBOR, command: ["harbor_portal"], stopSignal: "SIGQUIT" },
  "harbor-jobservice": {
    user: HARBOR,
    entrypoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    program: "/harbor/harbor_jobservice",
  },
  "nginx-photon": { user: HARBOR, command: ["nginx", "-g", "daemon off;"], stopSignal: "SIGQUIT" },
  "trivy-adapter-photon": { user: HARBOR, entrypoint: ["/home/scanner/entrypoint.sh"] },
  "harbor-exporter": {
    user: HARBOR,
    entrypoint: ["/harbor/entrypoint.sh"],
    workingDirectory: "/harbor",
    program: "/harbor/harbor_exporter",
  },
  "harbor-db": { user: POSTGRES, entrypoint: ["/docker-entrypoint.sh"] },
};

/** The settings of the image of that name in a release, as an engine of this architecture wants them. */
export function standInSettings(name: HarborImageName, patch: string, architecture: string): ImageSettings {
  const { user, entrypoint, command = [], workingDirectory, stopSignal, program } = STARTS[name];
  return {
    tag: `goharbor/${name}:v${patch}`,
    architecture,
    user,
    command,
    ...(entrypoint && { entrypoint }),
    ...(workingDirectory && { workingDirectory }),
    ...(stopSignal && { stopSignal }),
    environment: {
      STAND_IN_VERSION: patch,
      // As upstream numbers them: 2.15 brings 0180.
      STAND_IN_SCHEMA: String((Number(patch.split(".")[1]) + 3) * 10),
      // So that no image is another's, as it would be with equal settings.
      STAND_IN_NAME: name,
      ...(program && { STAND_IN_PROGRAM: program }),
    },
  };
}
