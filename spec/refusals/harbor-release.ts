import { isVersionOf } from "../engine.js";
import type { Environment } from "../environment.js";
import { bundleName, bundleUrl, harborPatch } from "../harbor/release.js";
import { refusalOfEach } from "../refusal.js";
import { harbors } from "./harbor-views.js";

/** The environment, if its engine is a Harbor whose releases are known. */
function released(environment: Environment) {
  return harbors(environment).filter(({ registry }) => isVersionOf("harbor", registry.version));
}

/** From 2.15 on upstream signs what it releases. */
const SIGNED = ["2.15"];

const unverified = refusalOfEach(released, "harbor/release-without-sha256", {
  when: ({ harbor: { release } }) => release.from === "upstream" && release.sha256 === undefined,
  field: "harbor.release.sha256",
  says: ({ registry }) => `nothing tells which bytes Harbor ${harborPatch(registry.version)} is`,
  because: "upstream publishes no checksum of its installer, and what is downloaded runs as root on every node",
  instead: ({ registry: { version } }) => {
    const name = bundleName(harborPatch(version));
    const verify = SIGNED.includes(version)
      ? `verify it with \`cosign verify-blob\` and ${name}.sigstore.json beside it (goharbor/harbor, docs/signature-verification.md)`
      : "compare it with a second download over another network, as upstream signs from 2.15 on";
    return `download ${bundleUrl(harborPatch(version))}, ${verify}, and write what \`sha256sum ${name}\` shows; or use that very file with from: bundle and file`;
  },
  source: "goharbor/harbor, docs/signature-verification.md: signed from 2.15.0 on, and no list of checksums",
});

const noFile = refusalOfEach(released, "harbor/release-without-file", {
  when: ({ harbor: { release } }) => release.from === "bundle" && release.file === undefined,
  field: "harbor.release.file",
  says: "from: bundle names no file",
  because: "all images of Harbor come out of it",
  instead: ({ registry }) =>
    `file: ${bundleName(harborPatch(registry.version))}, beside the environment file; or from: upstream`,
  source: "by design",
});

const fileUnread = refusalOfEach(released, "harbor/release-file-unread", {
  when: ({ harbor: { release } }) => release.from === "upstream" && release.file !== undefined,
  field: "harbor.release.file",
  says: ({ harbor }) => `${harbor.release.file} with from: upstream`,
  because: "the release is downloaded and the file is never read",
  instead: "from: bundle, or leave file away",
  source: "by design",
});

/** Refusals that concern where Harbor's release comes from. */
export const harborReleaseRefusals = [unverified, noFile, fileUnread];
