import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { AcmeSession } from "../../certificates/acme-session.js";
import { newPrivateKey } from "../../secrets/acme-record.js";
import type { Problem } from "../../spec/problem.js";

const URN = "urn:ietf:params:acme:error:";

/** A CA that knows every account and refuses every order, with these words. */
async function refusingCa(status: number, refusal: object, headers: Record<string, string> = {}): Promise<string> {
  let url = "";
  const server = createServer((request, response) => {
    const common = { "replay-nonce": "bm9uY2U", "content-type": "application/json" };
    const directory = { newNonce: `${url}/nonce`, newAccount: `${url}/account`, newOrder: `${url}/order` };
    if (request.url === "/dir") response.writeHead(200, common).end(JSON.stringify(directory));
    else if (request.url === "/account") response.writeHead(201, { ...common, location: `${url}/me` }).end("{}");
    else if (request.url === "/order")
      response.writeHead(status, { ...common, ...headers }).end(JSON.stringify(refusal));
    else response.writeHead(200, common).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return `${url}/dir`;
}

async function refusalBy(directory: string, isProduction = true): Promise<Problem["details"]> {
  const asked = { hostname: "registry.example.com", ca: "Let's Encrypt", isProduction };
  const session = await AcmeSession.open({ directory }, newPrivateKey(), asked);
  await session.register(undefined);
  const failure = await session.order("registry.example.com").catch((error: Problem) => error);
  if (!("details" in failure)) throw new Error("the order was taken");
  return failure.details;
}

test("a CA that limits is not waited for: the problem says the limits, when to come back and how to try", async () => {
  const detail = "too many certificates (5) already issued for this exact set of identifiers";
  const directory = await refusingCa(429, { type: `${URN}rateLimited`, detail }, { "retry-after": "172800" });
  const { code, says, instead } = await refusalBy(directory);
  expect(code).toBe("certificate/rate-limited");
  expect(says).toContain(detail);
  expect(instead).toMatch(/5 certificates a week for the same name.*after \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC.*staging/);
});

test("limits of another CA are not told as those of Let's Encrypt", async () => {
  const directory = await refusingCa(429, { type: `${URN}rateLimited`, detail: "slow down" });
  const { instead } = await refusalBy(directory, false);
  expect(instead).not.toContain("Let's Encrypt");
  expect(instead).toContain("later");
});

test.each([
  ["caa", "certificate/forbidden-by-caa"],
  ["rejectedIdentifier", "certificate/name-refused"],
  ["unauthorized", "certificate/not-proved"],
  ["externalAccountRequired", "certificate/account-elsewhere"],
  ["unsupportedContact", "certificate/mail-refused"],
  ["userActionRequired", "certificate/refused"],
])("a refusal of kind %s is %s", async (kind, code) => {
  const subproblems = [{ type: `${URN}${kind}`, detail: "the reason of one name" }];
  const refusal = await refusalBy(await refusingCa(403, { type: `${URN}${kind}`, detail: "no", subproblems }));
  expect(refusal.code).toBe(code);
  expect(refusal.says).toContain("the reason of one name");
});
