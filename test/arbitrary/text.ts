import fc from "fast-check";

/** Pieces that mean something to YAML, JSON, nginx, HAProxy, a shell, Handlebars, Go's templates or a terminal. */
const NASTY = [
  '"',
  "'",
  "`",
  "\\",
  "\\n",
  "\\u0000",
  "$",
  "$host",
  `\${http_authorization}`,
  "$(id)",
  "{{",
  "}}",
  "{{{env}}}",
  "{%",
  "{",
  "}",
  ";",
  "; return 200;",
  "#",
  " # comment",
  ": ",
  "- ",
  "? ",
  "&anchor",
  "*alias",
  "!!binary ",
  "|",
  ">",
  "%",
  "%p",
  "@",
  ",",
  "[",
  "]",
  "<<",
  "---",
  "...",
  "null",
  "~",
  "yes",
  "0x1f",
  "1e3",
  "=",
  "=>",
  "/../",
  "*/",
  "\u00e9",
  "\u6771\u4eac",
  "\u{1f433}",
  "e\u0301",
  "\u202e",
  "\ufeff",
  "\u00a0",
  "\u200b",
] as const;

const PIECES = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 }),
  fc.constantFrom(" ", "a", "0"),
);
const HOSTILE_TEXT = fc.array(PIECES, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));

/** One line that tries to break out of every format it is written into. It passes the schema's check of a line. */
export function hostileText(): fc.Arbitrary<string> {
  return HOSTILE_TEXT;
}

/** Any signs of Unicode, those that no terminal shows among them; without halves of a pair, which UTF-8 does not have. */
const SIGN = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((sign) => String.fromCodePoint(sign));
const ANY_TEXT = fc.oneof(
  HOSTILE_TEXT,
  fc.array(SIGN, { maxLength: 100 }).map((signs) => signs.join("")),
);

/** Any text, of any number of lines. fast-check's own takes a second to be made: it lists all that there are. */
export function anyText(): fc.Arbitrary<string> {
  return ANY_TEXT;
}

/** A regular expression that matches a hostile text literally; the same in JavaScript and in Go. */
export const literalPatterns = HOSTILE_TEXT.map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"));

/** A host name with at least one dot. */
export const hostnames = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?$/),
    fc.constantFrom("example.com", "corp.internal", "test"),
  )
  .map((parts) => parts.join("."));

const URL_PIECES = ["a", "$host", "'", ";", "#", "%22", "%7B%7B", "~", "!", "*", "(", ")", ",", "&b=", "?c=", "/"];
const URL_PATHS = fc.array(fc.constantFrom(...URL_PIECES), { maxLength: 5 }).map((pieces) => pieces.join(""));

/** An https URL with signs that mean something elsewhere. */
export const hostileUrls = fc
  .tuple(hostnames, fc.constantFrom("", ":8443"), URL_PATHS)
  .map(([host, port, path]) => `https://${host}${port}/${path}`);

/** A name of an environment, a site or a node. */
export const names = fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/);

/** A name of an account or a receiver. */
export const accounts = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,20}$/);

const BYTE = fc.integer({ min: 1, max: 254 });

/** An IPv4 address of a private network. */
export const privateAddresses = fc
  .tuple(fc.constantFrom("10.20", "172.16", "192.168"), BYTE, BYTE)
  .map((parts) => parts.join("."));
