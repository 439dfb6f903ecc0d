import { MASK, Secret } from "../spec/secret.js";
import { CONTAINER_USER } from "./layout.js";
import type { FileOf, Unit } from "./release.js";
import type { Templates } from "./templates.js";

/** What a file is besides its text. */
interface FileKind<Who extends string> {
  readonly path: string;
  readonly unit: Who;
  /** @default 0o644 */
  readonly mode?: number;
  /** Whether the containers' user may read it although others may not. @default false */
  readonly containers?: boolean;
}

export interface TemplateFile<Who extends string = Unit> extends FileKind<Who> {
  /** Folder of the template below `templates/`; the rest of its name is the path on the host. */
  readonly component: string;
  readonly view: object;
  /** Whether the template may write secrets. @default false */
  readonly sensitive?: boolean;
}

/** A file made from a template. A sensitive one is filled in twice: with its secrets, and with `***`. */
export function templateFile<Who extends string>(templates: Templates, file: TemplateFile<Who>): FileOf<Who> {
  const name = `${file.component}${file.path}`;
  const sensitive = file.sensitive ?? false;
  const content = templates.fill(name, file.view, sensitive ? "reveal" : "refuse");
  const masked = sensitive ? templates.fill(name, file.view, "mask") : content;
  return { ...ownership(file, sensitive), content, masked, sensitive, unit: file.unit };
}

/** A file whose text is made elsewhere: certificates, keys, password files. Parts that are secrets make it sensitive. */
export function verbatimFile<Who extends string>(
  file: FileKind<Who>,
  parts: readonly (string | Secret)[],
): FileOf<Who> {
  const sensitive = parts.some((part) => part instanceof Secret);
  return {
    ...ownership(file, sensitive),
    content: parts.map((part) => endLine(part instanceof Secret ? part.reveal() : part)).join(""),
    masked: parts.map((part) => endLine(part instanceof Secret ? MASK : part)).join(""),
    sensitive,
    unit: file.unit,
  };
}

function ownership(file: FileKind<string>, sensitive: boolean) {
  return {
    path: file.path,
    mode: file.mode ?? (sensitive ? 0o640 : 0o644),
    owner: 0,
    group: file.containers ? CONTAINER_USER : 0,
  };
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
