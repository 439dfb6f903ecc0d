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

/** One line that tries to break out of every format it is written into. It passes the schema's check of a line. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...NASTY), fc.stringMatching(/^[ -~]{1,8}$/), fc.constantFrom(" ", "a", "0"));
  return fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
}

/** Characters that a URL may hold and that mean something elsewhere. */
export function hostileUrl(schemes: readonly string[] = ["http", "https"]): fc.Arbitrary<string> {
  const path = fc
    .array(
      fc.constantFrom("a", "$host", "'", ";", "#", "%22", "%7B%7B", "~", "!", "*", "(", ")", ",", "&b=", "?c=", "/"),
      {
        maxLength: 5,
      },
    )
    .map((pieces) => pieces.join(""));
  return fc
    .tuple(fc.constantFrom(...schemes), hostnames(), fc.constantFrom("", ":8443"), path)
    .map(([scheme, host, port, rest]) => `${scheme}://${host}${port}/${rest}`);
}

/** A host name with at least one dot. */
export function hostnames(): fc.Arbitrary<string> {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
  return fc.tuple(label, fc.constantFrom("example.com", "corp.internal", "test")).map((parts) => parts.join("."));
}

/** A name of an environment, a site or a node. */
export function names(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/);
}

/** A name of an account or a receiver. */
export function accounts(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,20}$/);
}

/** An IPv4 address of a private network. */
export function privateAddresses(): fc.Arbitrary<string> {
  const byte = fc.integer({ min: 1, max: 254 });
  return fc.tuple(fc.constantFrom("10.20", "172.16", "192.168"), byte, byte).map((parts) => parts.join("."));
}

/** A regular expression that matches a hostile text literally; the same in JavaScript and in Go. */
export function literalPatterns(): fc.Arbitrary<string> {
  return hostileText().map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"));
}
