import type { ImageName } from "../release/release.js";

/** An image as a registry has it, and as it is made here where no registry answers. */
export interface ImagePin {
  readonly name: ImageName;
  /** Version of the program in the pulled image. */
  readonly version: string;
  /** What hosts pull. The digest is that of the index, so that it fits every architecture. */
  readonly pulled: string;
  readonly madeFrom: MadeFrom;
  /** What a container of the made image runs when it is not told. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What an image is made from: a program built with Go, or one of a Debian package, whose version may be another than
 * the pulled one's: what it is stands in the image that was made.
 */
export type MadeFrom = { readonly go: GoToolName } | { readonly debian: string; readonly program: string };

/** The images, the newest first of each name. */
export const IMAGE_PINS: readonly ImagePin[] = [
  {
    name: "registry",
    version: "3.1.1",
    pulled: "docker.io/library/registry@sha256:1be55279f18a2fe1a74edf2664cac61c1bea305b7b4642dab412e7affdcb3e33",
    madeFrom: { go: "registry" },
    command: ["registry", "serve", "/etc/distribution/config.yml"],
    // Without it, version 3 tries to send traces to this host and logs each failure; the pulled image says the same.
    environment: { OTEL_TRACES_EXPORTER: "none" },
  },
  {
    name: "registry",
    version: "2.8.3",
    pulled: "docker.io/library/registry@sha256:a3d8aaa63ed8681a604f1dea0aa03f100d5895b6a58ace528858a7b332415373",
    madeFrom: { debian: "docker-registry", program: "usr/bin/docker-registry" },
    command: ["registry", "serve", "/etc/docker/registry/config.yml"],
  },
  {
    name: "nginx",
    version: "1.28",
    pulled: "docker.io/library/nginx@sha256:a8b39bd9cf0f83869a2162827a0caf6137ddf759d50a171451b335cecc87d236",
    madeFrom: { debian: "nginx", program: "usr/sbin/nginx" },
    command: ["nginx", "-g", "daemon off;"],
  },
  {
    name: "haproxy",
    version: "3.2",
    pulled: "docker.io/library/haproxy@sha256:79799e8b2977e60802774fa53d29e6b54e045402cdd8a8b9fe43923e7095a047",
    madeFrom: { debian: "haproxy", program: "usr/sbin/haproxy" },
    command: ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
  },
];

/** An image that an environment runs. */
export interface WantedImage {
  readonly name: ImageName;
  /** A version or its beginning: 3.1. @default - the newest that is pinned */
  readonly version?: string;
}

/** The newest pin that fits; the versions an environment file may name all have one. */
export function pinOf(wanted: WantedImage): ImagePin {
  const fits = (pin: ImagePin) => wanted.version === undefined || `${pin.version}.`.startsWith(`${wanted.version}.`);
  const found = IMAGE_PINS.find((pin) => pin.name === wanted.name && fits(pin));
  if (found === undefined) throw new Error(`no image of ${wanted.name} ${wanted.version ?? ""} is pinned`);
  return found;
}

/** A program that is built from a Go module. */
export type GoToolName =
  | "registry"
  | "versitygw"
  | "docker-compose"
  | "pebble"
  | "pebble-challtestsrv"
  | "tofu"
  | "terraform-provider-alicloud";

/** Which module, which version. */
export interface GoToolPin {
  readonly module: string;
  readonly version: string;
  /** Import path of its main package. */
  readonly main: string;
  /** Variable of the source that holds the version the program shows. @default - it shows none */
  readonly versionVariable?: string;
  /** Other variables of the source that are set when it is built. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Modules that stand in for others, each with its version: what the module's own go.mod says about that counts only
   * when the module itself is built, not when it is a part of ours. @default - none
   */
  readonly replaced?: Readonly<Record<string, string>>;
  /** How long a build takes on two cores when nothing of it was built before. */
  readonly about: string;
}

/** The programs built with Go, each at one version. */
export const GO_TOOL_PINS: Readonly<Record<GoToolName, GoToolPin>> = {
  registry: {
    module: "github.com/distribution/distribution/v3",
    version: "v3.1.1",
    main: "github.com/distribution/distribution/v3/cmd/registry",
    versionVariable: "github.com/distribution/distribution/v3/version.version",
    about: "90 s",
  },
  versitygw: {
    module: "github.com/versity/versitygw",
    version: "v1.8.0",
    main: "github.com/versity/versitygw/cmd/versitygw",
    versionVariable: "main.Version",
    about: "1 min",
  },
  "docker-compose": {
    module: "github.com/docker/compose/v2",
    version: "v2.40.0",
    main: "github.com/docker/compose/v2/cmd",
    versionVariable: "github.com/docker/compose/v2/internal.Version",
    about: "2 min",
  },
  pebble: {
    module: "github.com/letsencrypt/pebble/v2",
    version: "v2.10.1",
    main: "github.com/letsencrypt/pebble/v2/cmd/pebble",
    versionVariable: "main.version",
    about: "30 s",
  },
  "pebble-challtestsrv": {
    module: "github.com/letsencrypt/pebble/v2",
    version: "v2.10.1",
    main: "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv",
    about: "30 s",
  },
  tofu: {
    module: "github.com/opentofu/opentofu",
    version: "v1.11.0",
    main: "github.com/opentofu/opentofu/cmd/tofu",
    // Otherwise it takes itself for a preview, which no "required_version" of a configuration admits.
    variables: { "github.com/opentofu/opentofu/version.dev": "no" },
    replaced: {
      "github.com/hashicorp/hcl/v2@v2.20.1": "github.com/opentofu/hcl/v2@v2.20.2-0.20251021132045-587d123c2828",
    },
    about: "3 min",
  },
  "terraform-provider-alicloud": {
    module: "github.com/aliyun/terraform-provider-alicloud",
    version: "v1.285.0",
    main: "github.com/aliyun/terraform-provider-alicloud",
    // The versions of these two that it asks for cannot be had any more.
    replaced: {
      "github.com/alibabacloud-go/alibabacloud-gateway-oss":
        "github.com/alibabacloud-go/alibabacloud-gateway-oss@v0.0.11",
      "github.com/alibabacloud-go/alibabacloud-gateway-oss-util":
        "github.com/alibabacloud-go/alibabacloud-gateway-oss-util@v0.0.3",
    },
    about: "6 min and 4 GB of memory",
  },
};

/** The Go toolchain that is fetched where the one at hand is older than the modules above need. */
export const GO_PIN = { minimum: [1, 25], fetched: "1.25.4" } as const;

/** A provider of Terraform. */
export interface ProviderPin {
  /** Its name in a configuration, without the host of the registry: hashicorp/aws. */
  readonly source: string;
  readonly version: string;
  /** The program that is built for it where no registry answers and this machine does not have it. @default - none */
  readonly madeFrom?: GoToolName;
}

export type ProviderName = "alicloud" | "aws";

/** The providers, each at the version whose names and types the constructs are written for. */
export const PROVIDER_PINS: Readonly<Record<ProviderName, ProviderPin>> = {
  alicloud: { source: "aliyun/alicloud", version: "1.285.0", madeFrom: "terraform-provider-alicloud" },
  aws: { source: "hashicorp/aws", version: "5.100.0" },
};

/** A program written in Python. */
export interface PythonToolPin {
  readonly version: string;
  /** What pip is asked for: the name, and parts that are optional. */
  readonly requirement: string;
  /** Name of the module by which it is started: `python -m moto.server`. */
  readonly module: string;
  /** How long it takes to install. */
  readonly about: string;
}

export type PythonToolName = "moto" | "checkov";

/** The programs written in Python; the packages that each of them needs stand in supply/python, with their versions. */
export const PYTHON_TOOL_PINS: Readonly<Record<PythonToolName, PythonToolPin>> = {
  moto: { version: "5.2.1", requirement: "moto[server]", module: "moto.server", about: "1 min" },
  checkov: { version: "3.3.30", requirement: "checkov", module: "checkov.main", about: "1 min" },
};
