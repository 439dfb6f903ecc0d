import type { Box, BoxKind, Frame, Picture } from "./picture.js";

/** How Mermaid opens and closes a box of each kind. */
const SHAPES: Readonly<Record<BoxKind, readonly [string, string]>> = {
  people: ["([", "])"],
  name: [">", "]"],
  entry: ["{{", "}}"],
  machine: ["[", "]"],
  store: ["[(", ")]"],
  service: ["(", ")"],
};

/** A picture in Mermaid's language, which GitHub, GitLab and many editors draw. */
export function mermaid({ title, boxes, frames, arrows }: Picture): string {
  const names = new Names();
  const lines = [
    "---",
    `title: ${JSON.stringify(title)}`,
    "---",
    "flowchart TB",
    ...boxes.map((box) => `  ${boxLine(box, names)}`),
    ...frames.flatMap((frame) => frameLines(frame, names, "  ")),
    ...arrows.map(({ from, to, label, care }) => {
      const line = care === true ? "-.->" : "-->";
      return `  ${names.of(from)} ${line}${label === undefined ? "" : `|${text([label])}|`} ${names.of(to)}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function frameLines(frame: Frame, names: Names, indent: string): string[] {
  return [
    `${indent}subgraph ${names.of(frame.id)}[${text([frame.label])}]`,
    ...frame.boxes.map((box) => `${indent}  ${boxLine(box, names)}`),
    ...frame.frames.flatMap((inner) => frameLines(inner, names, `${indent}  `)),
    `${indent}end`,
  ];
}

function boxLine({ id, kind, label, details }: Box, names: Names): string {
  const [open, close] = SHAPES[kind];
  return `${names.of(id)}${open}${text([label, ...details])}${close}`;
}

/** In quotes Mermaid takes every character but the quote itself; HTML's own characters are spelt out. */
function text(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[&<>"#]/g, (character) => `#${character.codePointAt(0)};`).replace(/\s+/g, " "),
  );
  return `"${escaped.join("<br/>")}"`;
}

/** Ids that Mermaid can read: words of a person's ids may be its own, like `end`. */
class Names {
  readonly #known = new Map<string, string>();

  of(id: string): string {
    const known = this.#known.get(id) ?? `b${this.#known.size + 1}`;
    this.#known.set(id, known);
    return known;
  }
}
