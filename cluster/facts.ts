import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";
import { parseFacts } from "./facts-parser.js";
import { factsScript } from "./facts-script.js";
import type { ClusterFacts, HostFacts } from "./host-facts.js";
import type { Wanted } from "./wanted.js";

/** Asks all hosts at once what they are like, in one round trip each. A host that does not answer is no error here. */
export async function gatherFacts(hosts: readonly Host[], wanted: readonly Wanted[]): Promise<ClusterFacts> {
  const answers = await Promise.all(
    hosts.map(async (host) => {
      const own = wanted.find((candidate) => candidate.node === host.node.name);
      if (own === undefined) throw new RangeError(`there is no release for ${host.node.name}`);
      return { node: host.node.name, answer: await factsOrProblem(host, own) };
    }),
  );
  return {
    hosts: answers.flatMap(({ answer }) => (answer instanceof Problem ? [] : [answer])),
    unreachable: answers.flatMap(({ node, answer }) =>
      answer instanceof Problem ? [{ node, problem: answer.details }] : [],
    ),
  };
}

/** @throws Problem of ssh when the host cannot be asked */
export async function hostFacts(host: Host, wanted: Wanted): Promise<HostFacts> {
  const printed = await host.read(factsScript(wanted));
  return parseFacts(host.node, printed, Date.now());
}

async function factsOrProblem(host: Host, wanted: Wanted): Promise<HostFacts | Problem> {
  try {
    return await hostFacts(host, wanted);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
