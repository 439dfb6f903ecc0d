import { ensureBuilt } from "./build.mjs";
import { requireNode } from "./project.mjs";

// What cdktf.json names as the app. Compiled, it runs in a third of the time that its sources take.
requireNode();
await ensureBuilt();
await import("../dist/app/main.js");
