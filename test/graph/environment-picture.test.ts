import { readFile } from "node:fs/promises";
import { instance } from "@viz-js/viz";
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentPicture } from "../../graph/environment-picture.js";
import { graphviz } from "../../graph/graphviz.js";
import { mermaid } from "../../graph/mermaid.js";
import type { Box, Frame, Picture } from "../../graph/picture.js";
import type { Environment } from "../../spec/environment.js";
import { plannedInventory } from "../../spec/inventory.js";
import { parseEnvironment } from "../../spec/parse.js";
import { fileText, validEnvironments } from "../arbitrary/environment.js";
import { hostileText } from "../arbitrary/text.js";

function pictureOf(environment: Environment): Picture {
  return environmentPicture(environment, plannedInventory(environment, { identity: "key" }));
}

const environments = validEnvironments().map((file) => parseEnvironment(fileText(file), `${file.environment}.yaml`));

/** What a reader of the picture sees. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) =>
    text.replace(
      /&(#\d+|amp|lt|gt|quot);/g,
      (_, name: string) => ENTITIES[name] ?? String.fromCodePoint(Number(name.slice(1))),
    ),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function boxesOf(frames: readonly Frame[]): Box[] {
  return frames.flatMap(({ boxes, frames: inner }) => [...boxes, ...boxesOf(inner)]);
}

function everyBox({ boxes, frames }: Picture): Box[] {
  return [...boxes, ...boxesOf(frames)];
}

function aws(site: string): Environment {
  return parseEnvironment(
    `
environment: prod
registry: { hostname: registry.example.com, storage: { kind: managed } }
sites:
  - { name: frankfurt, provider: aws, region: eu-central-1, zones: [eu-central-1a, eu-central-1b, eu-central-1c],
      network: { operators: [203.0.113.0/24], clients: [0.0.0.0/0] }${site} }
`,
    "prod.yaml",
  );
}

function arrowsTo(picture: Picture, box: string): string[] {
  return picture.arrows.filter(({ to }) => to === box).map(({ from }) => from);
}

test("every environment has a picture: no two boxes are one, each arrow joins two of them, every node is there once", () => {
  fc.assert(
    fc.property(environments, (environment) => {
      const inventory = plannedInventory(environment, { identity: "key" });
      const picture = environmentPicture(environment, inventory);
      const boxes = everyBox(picture);
      const ids = new Set(boxes.map(({ id }) => id));
      expect(ids.size).toBe(boxes.length);
      for (const { from, to } of picture.arrows) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
      for (const node of inventory.sites.flatMap(({ nodes }) => nodes)) {
        expect(boxes.filter(({ id }) => id === `${node.site}/${node.name}`)).toHaveLength(1);
      }
    }),
  );
});

test("Graphviz draws every environment", async () => {
  const viz = await instance();
  fc.assert(
    fc.property(environments, (environment) => {
      const drawn = viz.render(graphviz(pictureOf(environment)), { format: "svg" });
      expect([drawn.status, drawn.errors]).toEqual(["success", []]);
    }),
    { numRuns: 25 },
  );
});

test("text comes out of Graphviz as it is", async () => {
  const viz = await instance();
  fc.assert(
    fc.property(hostileText(), (text) => {
      const box: Box = { id: text, kind: "machine", label: text, details: [text] };
      const drawn = viz.renderString(graphviz({ title: "a", boxes: [box], frames: [], arrows: [] }), { format: "svg" });
      const words = (lines: readonly string[]) => lines.join("").replaceAll(/\s/g, "");
      expect(words(textsOf(drawn))).toBe(words(["a", text, text]));
    }),
  );
});

test("no text leaves its box in Mermaid's language", () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const box: Box = { id: text, kind: "machine", label: text, details: [text] };
      const drawn = mermaid({ title: text, boxes: [box], frames: [], arrows: [{ from: text, to: text, label: text }] });
      const lines = drawn.trimEnd().split("\n");
      expect(lines).toHaveLength(6);
      expect(lines[4]).toMatch(/^ {2}b1\["[^"<>]*<br\/>[^"<>]*"\]$/);
      expect(lines[5]).toMatch(/^ {2}b1 -->\|"[^"<>]*"\| b1$/);
    }),
  );
});

test("operators of a cloud come over the bastion, and clients through the balancer alone", () => {
  const picture = pictureOf(aws(""));
  expect(arrowsTo(picture, "frankfurt/entry")).toEqual(["clients"]);
  expect(arrowsTo(picture, "frankfurt/bastion")).toEqual(["operators"]);
  expect(arrowsTo(picture, "frankfurt/node-2")).toEqual(["frankfurt/entry", "frankfurt/bastion"]);
  expect(arrowsTo(picture, "frankfurt/storage")).toEqual(["frankfurt/node-1", "frankfurt/node-2", "frankfurt/node-3"]);
});

test("Harbor's data base and Redis of the cloud stand in its network, and every node asks them", async () => {
  const file = "environments/examples/harbor-aws.yaml";
  const picture = pictureOf(parseEnvironment(await readFile(new URL(`../../${file}`, import.meta.url), "utf8"), file));
  const nodes = ["frankfurt/node-1", "frankfurt/node-2", "frankfurt/node-3"];
  expect(arrowsTo(picture, "frankfurt/database")).toEqual(nodes);
  expect(arrowsTo(picture, "frankfurt/redis")).toEqual(nodes);
  expect(everyBox(picture).find(({ id }) => id === "frankfurt/database")?.details).toEqual([
    "RDS, db.t4g.medium",
    "in eu-central-1a, with a standby in eu-central-1b",
  ]);
});

test("with a record of the name clients come through it, and a session opens no port", () => {
  const picture = pictureOf(aws(", dns: { zone: example.com }, access: { from: session }"));
  expect(arrowsTo(picture, "frankfurt/dns")).toEqual(["clients"]);
  expect(arrowsTo(picture, "frankfurt/entry")).toEqual(["frankfurt/dns"]);
  expect(picture.arrows.filter(({ from }) => from === "operators").map(({ label }) => label)).toEqual([
    "session",
    "session",
    "session",
  ]);
});

test("a NAT gateway stands in the first zone, or in each", () => {
  const gateways = (environment: Environment) =>
    everyBox(pictureOf(environment))
      .filter(({ label }) => label === "NAT")
      .map(({ id }) => id);
  expect(gateways(aws(""))).toEqual(["frankfurt/nat/eu-central-1a"]);
  expect(
    gateways(
      parseEnvironment(
        `
environment: prod
registry: { hostname: registry.example.com, storage: { kind: managed } }
sites:
  - { name: frankfurt, provider: aws, region: eu-central-1, zones: [eu-central-1a, eu-central-1b],
      network: { operators: [203.0.113.0/24], clients: [0.0.0.0/0], nat: per-zone } }
`,
        "prod.yaml",
      ),
    ),
  ).toEqual(["frankfurt/nat/eu-central-1a", "frankfurt/nat/eu-central-1b"]);
});
