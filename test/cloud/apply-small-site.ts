import { type SmallSite, smallSite } from "./small-site.js";

/** Makes a small site, to be killed while it does: `tsx apply-small-site.ts <folder> <site as JSON>`. */
const [folder = "", site = ""] = process.argv.slice(2);
const parsed: SmallSite = JSON.parse(site);
const infrastructure = await smallSite(folder, parsed, "terraform");
await infrastructure.plan();
await infrastructure.apply();
