import { parseDocument } from "yaml";
import { milliseconds } from "../spec/duration.js";

/** What a template may write: everything else is a defect of the view that offers it. */
export type Writable = string | number | boolean;

const CONTROL = /\p{Cc}/u;
const NAMED_ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t" };

/**
 * A YAML scalar. Text is always double-quoted and holds ASCII only: YAML 1.1, which Distribution reads, ends a line at
 * U+0085, U+2028 and U+2029 too, and knows no surrogate pairs.
 */
export function yamlScalar(value: Writable): string {
  if (typeof value !== "string") return String(value);
  return `"${Array.from(value, yamlCharacter).join("")}"`;
}

function yamlCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0x20 && point < 0x7f) return character;
  const hex = point.toString(16);
  if (point > 0xffff) return `\\U${hex.padStart(8, "0")}`;
  const lone = point >= 0xd800 && point <= 0xdfff;
  return `\\u${lone ? "fffd" : hex.padStart(4, "0")}`;
}

/** A scalar of a compose file, where `$` begins a variable unless it is doubled. */
export function composeScalar(value: Writable): string {
  return yamlScalar(typeof value === "string" ? value.replaceAll("$", "$$$$") : value);
}

/**
 * A parameter of nginx.
 * @throws RangeError when it holds `$`, for which nginx knows no escape, or a control character
 */
export function nginxParameter(value: Writable): string {
  if (typeof value !== "string") return String(value);
  if (value.includes("$")) throw new RangeError(`nginx would read a variable in ${JSON.stringify(value)}`);
  refuseControl(value, "nginx");
  return /^[A-Za-z0-9_./:-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A word of haproxy.cfg. Strong quotes keep everything but themselves.
 * @throws RangeError when it holds a control character
 */
export function haproxyWord(value: Writable): string {
  if (typeof value !== "string") return String(value);
  refuseControl(value, "HAProxy");
  return /^[A-Za-z0-9_./:,-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * A word of a POSIX shell.
 * @throws RangeError when it holds a NUL, which no shell can carry
 */
export function shellWord(value: Writable): string {
  const text = String(value);
  if (text.includes("\0")) throw new RangeError("a shell cannot carry a NUL");
  return /^[A-Za-z0-9_./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A word of a command line in a systemd unit, where `%` begins a specifier and `$` a variable.
 * @throws RangeError when it holds a control character
 */
export function systemdWord(value: Writable): string {
  const text = String(value);
  refuseControl(text, "systemd");
  const escaped = text.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9_./:=%$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A word of keepalived.conf, which has no escapes.
 * @throws RangeError when it holds anything but letters, digits, `.`, `_`, `-`, `/` and `:`
 */
export function keepalivedWord(value: Writable): string {
  const text = String(value);
  if (!/^[A-Za-z0-9._/:-]+$/.test(text)) throw new RangeError(`keepalived cannot read ${JSON.stringify(text)}`);
  return text;
}

/** A path in a file that knows no quotes (tmpfiles.d, sysctl.d, logrotate). @throws RangeError when it would need them */
export function plainWord(value: Writable): string {
  const text = String(value);
  if (!/^[A-Za-z0-9._/:-]+$/.test(text)) throw new RangeError(`${JSON.stringify(text)} would need quotes`);
  return text;
}

/** Without blanks, and without what means something in an env file: `$ # ' " \` and the backtick. */
const PLAIN_FOR_HARBOR = /^[A-Za-z0-9%&()*+,./:;<=>?@[\]^_{|}~!-]+$/;

/** What needs no parser to be seen as a text: most values, and a parser takes its time. */
const SURELY_TEXT = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
const YAML_WORD = /^(y|n|yes|no|on|off|true|false|null)$/i;

/**
 * Whether a text comes back unchanged from Harbor's `prepare`, which writes it without quotes into YAML and into env
 * files: a plain scalar of YAML 1.1 that a number, a date or an empty value would not be taken for.
 */
export function survivesPrepare(text: string): boolean {
  if (!PLAIN_FOR_HARBOR.test(text)) return false;
  if (SURELY_TEXT.test(text) && !YAML_WORD.test(text)) return true;
  const document = parseDocument(`key: ${text}\n`, { version: "1.1", prettyErrors: false });
  if (document.errors.length > 0 || document.warnings.length > 0) return false;
  const read: unknown = document.get("key");
  return read !== null && typeof read !== "object" && String(read) === text;
}

/**
 * A value of harbor.yml that Harbor passes on without quotes.
 * @throws RangeError when it would not come back from there as it is
 */
export function harborScalar(value: Writable): string {
  if (typeof value === "string" && !survivesPrepare(value)) {
    throw new RangeError(`Harbor would change ${JSON.stringify(value)}, which it writes without quotes`);
  }
  return yamlScalar(value);
}

/** A duration as Go reads it, which knows no days: `7d` becomes `168h`. */
export function goDuration(duration: string): string {
  const length = milliseconds(duration);
  if (length % 3_600_000 === 0) return `${length / 3_600_000}h`;
  if (length % 60_000 === 0) return `${length / 60_000}m`;
  return length % 1_000 === 0 ? `${length / 1_000}s` : `${length}ms`;
}

/** A duration as nginx and HAProxy read it: 2500ms, 300s. */
export function proxyDuration(duration: string): string {
  const length = milliseconds(duration);
  return length % 1_000 === 0 ? `${length / 1_000}s` : `${length}ms`;
}

/** Milliseconds as the fraction of a second that VRRP version 3 counts in, hundredths: 250 becomes 0.25. */
export function vrrpSeconds(length: number): string {
  return (Math.max(1, Math.round(length / 10)) / 100).toFixed(2);
}

function refuseControl(text: string, reader: string): void {
  if (CONTROL.test(text)) throw new RangeError(`${reader} cannot read a control character in ${JSON.stringify(text)}`);
}
