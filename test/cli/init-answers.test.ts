import { expect, test } from "vitest";
import { answersFrom, type Interviewer } from "../../cli/init-answers.js";

/** Somebody who takes every proposal, and says this where there is none. */
function agreeing(otherwise: string, provider: string): Interviewer & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    text: async (message, proposal) => {
      asked.push(message);
      return proposal ?? otherwise;
    },
    choice: async (message, choices) => {
      asked.push(message);
      const found = choices.find((choice) => choice === provider);
      if (found === undefined) throw new Error(`${provider} is not offered`);
      return found;
    },
  };
}

test.each([
  ["aws", "eu-central-1", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
  ["alicloud", "cn-hangzhou", ["cn-hangzhou-h", "cn-hangzhou-j", "cn-hangzhou-k"]],
])("whoever takes what is proposed for %s gets three zones of one region", async (provider, region, zones) => {
  const { place } = await answersFrom("prod", {}, agreeing("203.0.113.7/32, 203.0.113.8/32", provider));
  expect(place).toEqual({
    provider,
    region,
    zones,
    operators: ["203.0.113.7/32", "203.0.113.8/32"],
    clients: ["0.0.0.0/0"],
  });
});

test("what a flag says is not asked", async () => {
  const flags = {
    hostname: "registry.example.com",
    provider: "aws",
    region: "eu-west-1",
    zone: ["eu-west-1a"],
    operators: ["none"],
    clients: ["10.0.0.0/8"],
    nodes: 1,
    size: "c7i.large",
  };
  const { place } = await answersFrom("prod", flags);
  expect(place).toEqual({
    provider: "aws",
    region: "eu-west-1",
    zones: ["eu-west-1a"],
    operators: [],
    clients: ["10.0.0.0/8"],
    nodes: 1,
    size: "c7i.large",
  });
});

test("without a terminal the flag that is missing is named", async () => {
  const flags = { hostname: "registry.example.com", provider: "alicloud", region: "cn-hangzhou" };
  await expect(answersFrom("prod", flags)).rejects.toThrow("--zone is missing");
});

test("a provider that does not exist is refused with those that do", async () => {
  const flags = { hostname: "registry.example.com", provider: "azure" };
  await expect(answersFrom("prod", flags)).rejects.toThrow("alicloud or aws");
});
