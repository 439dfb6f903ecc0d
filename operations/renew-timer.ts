import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { PROJECT } from "./project.js";
import type { Workspace } from "./workspace.js";

/** A unit of systemd. */
export interface Unit {
  /** harborwright-renew-prod.timer */
  readonly name: string;
  readonly text: string;
}

/** Who renews, and with what. */
export interface Renewer {
  /** The user whose keys, profiles and SSH keys are used. */
  readonly user: string;
  /** Program and arguments that stand for `harborwright`. */
  readonly program: readonly string[];
  /** Variables of that user. */
  readonly variables: NodeJS.ProcessEnv;
}

/** Variables that say where something is, and hold no secret. */
const NAMES = ["AWS_PROFILE", "AWS_REGION", "ALIBABA_CLOUD_PROFILE", "HTTPS_PROXY", "NO_PROXY"];
/** Those of them that are paths; a relative one means another place in a unit. */
const PLACES = [
  "HARBORWRIGHT_IDENTITY",
  "HARBORWRIGHT_CACHE",
  "XDG_CONFIG_HOME",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "ALIBABA_CLOUD_CREDENTIALS_FILE",
];

/** The user who runs this, and this very program. */
export function thisRenewer(): Renewer {
  return {
    user: userInfo().username,
    program: [process.execPath, join(PROJECT, "bin", "harborwright.mjs")],
    variables: process.env,
  };
}

/**
 * Units for the operator's machine that look once a day whether the certificate is due. Not for the nodes: they have no
 * rights in DNS and do not know the secrets.
 */
export function renewalUnits({ environment, path, folder }: Workspace, { user, program, variables }: Renewer): Unit[] {
  const { environment: name } = environment;
  const unit = `harborwright-renew-${name}`;
  const command = [...program, "renew", path, "--if-due", "--yes"].map(argument).join(" ");
  const carried = [...PLACES, ...NAMES].flatMap((variable) => {
    const value = variables[variable];
    if (!value) return [];
    const meant = PLACES.includes(variable) ? resolve(value) : value;
    return [`Environment=${quoted(`${variable}=${meant}`)}`];
  });
  const service = [
    "[Unit]",
    `Description=Renew the certificate of registry ${name} when it ends soon`,
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=oneshot",
    `User=${user}`,
    `WorkingDirectory=${escaped(folder)}`,
    "# Keys for DNS and SSH come from files of this user or from the secret store; an agent or a shell's variables are not there.",
    ...carried,
    `ExecStart=${command}`,
    "# A CA, name servers and three nodes need some minutes; one that hangs shall be seen as failed.",
    "TimeoutStartSec=1h",
    "UMask=0077",
    "",
  ];
  const timer = [
    "[Unit]",
    `Description=Look daily whether the certificate of registry ${name} ends soon`,
    "",
    "[Timer]",
    "OnCalendar=daily",
    "# Not all registries of the world at midnight.",
    "RandomizedDelaySec=6h",
    "# A machine that was off at that time looks as soon as it is on again.",
    "Persistent=true",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ];
  return [
    { name: `${unit}.service`, text: service.join("\n") },
    { name: `${unit}.timer`, text: timer.join("\n") },
  ];
}

/** A word in quotes, as systemd.syntax(7) reads it. */
function quoted(word: string): string {
  return `"${escaped(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A word of a command line, in which a dollar sign begins a variable (systemd.service(5)). */
function argument(word: string): string {
  return quoted(word).replaceAll("$", () => "$$");
}

/** In every setting a per cent sign begins a specifier. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}
