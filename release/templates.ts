import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import { MASK, Secret } from "../spec/secret.js";
import {
  composeScalar,
  goDuration,
  haproxyWord,
  harborScalar,
  keepalivedWord,
  nginxParameter,
  plainWord,
  proxyDuration,
  shellWord,
  systemdWord,
  vrrpSeconds,
  type Writable,
  yamlScalar,
} from "./quoting.js";
import { strictView } from "./strict-view.js";

/** What becomes of a secret in one rendering: written, replaced by `***`, or refused because the file is not sensitive. */
export type SecretPolicy = "reveal" | "mask" | "refuse";

/** All templates, by their path below `templates/` without `.hbs`: `nginx/etc/harborwright/front/nginx.conf`. */
export interface Templates {
  /** Names of all templates, sorted. */
  readonly names: readonly string[];
  /**
   * Fills one template in.
   * @param view - what its expressions name; a missing field is an error
   * @throws Error when there is no such template, or it writes a secret and the policy is to refuse
   */
  fill(name: string, view: object, secrets: SecretPolicy): string;
}

let loaded: Templates | undefined;

/** Reads `templates/` once; every later call gives the same. The only disk that rendering touches. */
export function loadTemplates(): Templates {
  loaded ??= compileFolder(templatesFolder());
  return loaded;
}

/** The folder that holds the templates: beside `release/` in the sources, one higher when compiled to `dist/`. */
export function templatesFolder(): string {
  const beside = fileURLToPath(new URL("../templates/", import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL("../../templates/", import.meta.url));
}

function compileFolder(folder: string): Templates {
  const handlebars = Handlebars.create();
  for (const [name, helper] of Object.entries(QUOTING)) handlebars.registerHelper(name, checked(name, helper));
  handlebars.registerHelper("secret", writeSecret);
  const known = Object.fromEntries([...Object.keys(QUOTING), "secret"].map((name) => [name, true]));

  const compiled = new Map(
    templateFiles(folder).map((file) => [
      relative(folder, file).replace(/\.hbs$/, ""),
      handlebars.compile(readFileSync(file, "utf8"), {
        strict: true,
        noEscape: true,
        knownHelpersOnly: true,
        knownHelpers: known,
      }),
    ]),
  );
  return {
    names: [...compiled.keys()].sort(),
    fill(name, view, secrets) {
      const template = compiled.get(name);
      if (template === undefined) throw new Error(`no template ${name}`);
      return template(strictView(view), { data: { secrets } });
    },
  };
}

function templateFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".hbs"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Names of the helpers by which a template writes a value, each quoting for its own format. */
const QUOTING: Readonly<Record<string, (value: Writable) => string>> = {
  yaml: yamlScalar,
  compose: composeScalar,
  harbor: harborScalar,
  nginx: nginxParameter,
  haproxy: haproxyWord,
  shell: shellWord,
  systemd: systemdWord,
  keepalived: keepalivedWord,
  plain: plainWord,
  goDuration: (value) => goDuration(String(value)),
  nginxDuration: (value) => proxyDuration(String(value)),
  haproxyDuration: (value) => proxyDuration(String(value)),
  vrrpSeconds: (value) => vrrpSeconds(Number(value)),
};

function checked(name: string, quote: (value: Writable) => string): Handlebars.HelperDelegate {
  return (value: unknown) => {
    if (value instanceof Secret) throw new Error(`a secret was given to {{${name}}}; only {{secret}} may write it`);
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new Error(`{{${name}}} got ${value === null ? "null" : typeof value}`);
    }
    return quote(value);
  };
}

/** Writes a secret as a YAML scalar, in files that are marked sensitive only. */
function writeSecret(value: unknown, options: Handlebars.HelperOptions): string {
  if (!(value instanceof Secret)) throw new Error("{{secret}} writes secrets only");
  const policy: unknown = options.data?.secrets;
  if (policy === "reveal") return yamlScalar(value.reveal());
  if (policy === "mask") return yamlScalar(MASK);
  throw new Error("a secret in a file that is not marked sensitive");
}
