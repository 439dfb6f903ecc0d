import { parseEnvironment } from "../../spec/parse.js";
import { type ProblemDetails, Problems } from "../../spec/problem.js";

/** The file that problems name in these tests. */
export const FILE = "environments/prod.yaml";

/** What is wrong with a file, nothing if it is right. Whatever else is thrown is a defect. */
export function problemsOf(text: string, file = FILE): readonly ProblemDetails[] {
  try {
    parseEnvironment(text, file);
    return [];
  } catch (error) {
    if (error instanceof Problems) return error.problems;
    throw error;
  }
}
