import fc from "fast-check";
import { expect, test } from "vitest";
import { storageProblem } from "../../operations/storage-problem.js";
import { hostileText } from "../arbitrary/text.js";

const PROBED = { environment: "prod", node: "node-2", storage: "https://images.example.com/" };

test.each([
  ["write: answered: 403 InvalidAccessKeyId", "storage/wrong-key", "harborwright secret set prod storage-access-key"],
  ["write: answered: 403 SignatureDoesNotMatch", "storage/wrong-key", "storage-secret-key"],
  ["write: answered: 403 AccessDenied", "storage/denied", "allow it"],
  ["write: answered: 404 NoSuchBucket", "storage/no-such-bucket", "registry.storage.bucket"],
  ["write: answered: 400 AccessControlListNotSupported", "storage/acl", "registry.storage.objectAcl"],
  ["write: answered: 403 RequestTimeTooSkewed", "storage/clock", "timedatectl"],
  ["write: answered: 301 PermanentRedirect", "storage/wrong-region", "registry.storage.region"],
  ["write: answered: 403 SecondLevelDomainForbidden", "storage/addressing", "forcePathStyle: false"],
  ["write: answered: 507 InsufficientStorage", "storage/full", "free some"],
  ["write: answered: 400 IllegalLocationConstraintException", "storage/wrong-region", "registry.storage.region"],
  ["write: answered: 403 AccessDenied to role machines", "storage/denied", "allow the role s3:PutObject"],
  ["read: answered: 403 AccessDenied to role machines", "storage/denied", "allow the role s3:GetObject"],
  ["remove: answered: 403 AccessDenied to role machines", "storage/denied", "allow the role s3:DeleteObject"],
  ["write: answered: 400 InvalidToken to role machines", "storage/wrong-key", "credentials: keys"],
  ["write: answered: 404 NoSuchBucket to role machines", "storage/no-such-bucket", "registry.storage.bucket"],
  ["write: answered: 301 PermanentRedirect to role machines", "storage/wrong-region", "registry.storage.region"],
  ["write: answered: 500 to role machines", "storage/answer", "log of the storage"],
  ["role: no-metadata: curl: (28) Connection timed out", "storage/no-metadata", "--http-endpoint enabled"],
  ["role: no-token: 403", "storage/no-metadata", "--http-endpoint enabled"],
  ["role: no-role: 404", "storage/no-role", "associate-iam-instance-profile"],
  ["role: no-keys: machines 200 AssumeRoleUnauthorizedAccess", "storage/no-role", "trust policy"],
  ["read: answered: 500 ", "storage/answer", "log of the storage"],
  ["write: unreachable: curl: (6) Could not resolve host: images", "storage/name", "resolver"],
  ["write: unreachable: curl: (7) Failed to connect", "storage/refused", "port"],
  ["write: unreachable: curl: (28) Connection timed out", "storage/timeout", "firewalls"],
  ["write: unreachable: curl: (60) SSL certificate problem", "storage/certificate", "install the CA"],
  ["write: unreachable: curl: (52) Empty reply", "storage/connection", "network"],
  ["write: skew: -4000", "storage/clock", "set the clock of node-2"],
  ["read: differs: 12 bytes", "storage/content", "proxy"],
  ["probe: missing-curl: there is no curl", "storage/missing-curl", "apt-get install curl"],
])("%s is told as %s", (line, code, hint) => {
  const { details } = storageProblem(PROBED, `some warning\n${line}\n`);
  expect(details.code).toBe(code);
  expect(details.instead).toContain(hint);
  expect(details.says).toContain("node-2");
});

test("a refused role is named, and so is what was refused", () => {
  const { says } = storageProblem(PROBED, "write: answered: 403 AccessDenied to role machines").details;
  expect(says).toContain("the role machines has no right to do this");
  expect(says).toContain(`write to ${PROBED.storage}`);
});

test("a clock that is behind is not told as ahead", () => {
  expect(storageProblem(PROBED, "write: skew: -4000").details.says).toContain("4000 s behind");
  expect(storageProblem(PROBED, "write: skew: 4000").details.says).toContain("4000 s ahead");
});

test("whatever a script prints becomes a problem that shows it", () => {
  fc.assert(
    fc.property(hostileText(), (printed) => {
      const { details } = storageProblem(PROBED, printed);
      expect(details.code).toMatch(/^storage\/[a-z-]+$/);
      expect(details.log).toEqual([printed.trim()]);
    }),
  );
});

test("whoever was given the key by a cloud is told how to have a new one given", () => {
  const given = { ...PROBED, givesKeys: true };
  const { instead } = storageProblem(given, "write: answered: 403 InvalidAccessKeyId").details;
  expect(instead).toContain("harborwright rotate prod storage-key");
  expect(instead).not.toContain("secret set");
});
