#!/usr/bin/env node
import { existsSync } from "node:fs";
import { join } from "node:path";
import { giveUp, PROJECT, requireNode } from "./project.mjs";

requireNode();
if (!existsSync(join(PROJECT, "cli"))) {
  giveUp("this package brings the constructs for cdktf, not the program", "clone the repository, and type: npm start");
}
if (!existsSync(join(PROJECT, "node_modules", "zx"))) giveUp("the npm packages are missing", "type: npm ci");
const { ensureBuilt } = await import("./build.mjs");
await ensureBuilt();
await import("../dist/cli/main.js");
