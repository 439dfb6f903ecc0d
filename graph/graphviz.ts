import type { Edge, Graph, Node, Subgraph } from "@viz-js/viz";
import type { Arrow, Box, BoxKind, Frame, Picture } from "./picture.js";

const INK = "#1f2933";
const FONT = "Helvetica";
const LOOKS: Readonly<Record<BoxKind, { readonly shape: string; readonly fill: string }>> = {
  people: { shape: "box", fill: "#f5f7fa" },
  name: { shape: "cds", fill: "#fef3c7" },
  entry: { shape: "hexagon", fill: "#d1fae5" },
  machine: { shape: "box3d", fill: "#dbeafe" },
  store: { shape: "cylinder", fill: "#fee2e2" },
  service: { shape: "box", fill: "#f5f7fa" },
};

/** A picture as Graphviz takes it, which then decides where everything stands. */
export function graphviz({ title, boxes, frames, arrows }: Picture): Graph {
  return {
    directed: true,
    graphAttributes: {
      label: title,
      labelloc: "t",
      fontname: FONT,
      fontsize: 16,
      fontcolor: INK,
      rankdir: "TB",
      nodesep: 0.35,
      ranksep: 0.55,
      compound: true,
      bgcolor: "white",
    },
    nodeAttributes: {
      fontname: FONT,
      fontsize: 11,
      fontcolor: INK,
      color: INK,
      style: "filled",
      penwidth: 0.8,
      margin: "0.25,0.1",
    },
    edgeAttributes: { fontname: FONT, fontsize: 9, color: "#52606d", fontcolor: "#52606d", arrowsize: 0.7 },
    nodes: boxes.map(nodeOf),
    subgraphs: frames.map((frame) => frameOf(frame, 0)),
    edges: arrows.map(edgeOf),
  };
}

function frameOf(frame: Frame, depth: number): Subgraph {
  return {
    name: `cluster_${frame.id}`,
    graphAttributes: {
      label: frame.label,
      fontname: FONT,
      fontsize: 12,
      color: "#9aa5b1",
      style: depth === 2 ? "rounded,dashed" : "rounded",
      labeljust: "l",
    },
    nodes: frame.boxes.map(nodeOf),
    subgraphs: frame.frames.map((inner) => frameOf(inner, depth + 1)),
  };
}

function nodeOf({ id, kind, label, details }: Box): Node {
  const { shape, fill } = LOOKS[kind];
  return {
    name: id,
    attributes: { shape, fillcolor: fill, label: literal([label, ...details]), tooltip: literal([label]) },
  };
}

function edgeOf({ from, to, label, care }: Arrow): Edge {
  return {
    tail: from,
    head: to,
    attributes: {
      ...(label === undefined ? {} : { label: literal([label]) }),
      ...(care === true ? { style: "dashed" } : {}),
    },
  };
}

/** In a label Graphviz reads a backslash and the letter after it as an order, and names of characters as HTML has them. */
function literal(lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll("&", "&amp;")).join("\n");
}
