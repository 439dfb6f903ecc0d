#!/usr/bin/env node
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { giveUp, PROJECT, requireNode } from "./project.mjs";

requireNode();
if (!existsSync(join(PROJECT, "node_modules", "zx"))) giveUp("the npm packages are missing", "type: npm ci");
await ensureBuilt();
await import("../dist/cli/main.js");
