import * as z from "zod";

/** Which repositories and tags a rule is about, in the words of the settings. */
export interface Chosen {
  readonly repositories: string;
  readonly exceptRepositories: boolean;
  readonly tags: string;
  readonly exceptTags: boolean;
}

/** A pattern as Harbor writes it, in retention and immutability. */
export const selector = z.object({ decoration: z.string(), pattern: z.string(), extras: z.string().nullish() });

/** What both kinds of rules have. */
export const selectors = {
  disabled: z.boolean().default(false),
  tag_selectors: z.array(selector).nullish(),
  scope_selectors: z.record(z.string(), z.array(selector)).nullish(),
};

interface Selectors {
  readonly tag_selectors?: readonly z.output<typeof selector>[] | null | undefined;
  readonly scope_selectors?: Readonly<Record<string, readonly z.output<typeof selector>[]>> | null | undefined;
}

/** A choice as a line: `tags v* of all but test/**`. */
export function chosenText({ repositories, exceptRepositories, tags, exceptTags }: Chosen): string {
  return `tags ${but(exceptTags, tags)} of ${but(exceptRepositories, repositories)}`;
}

/** The same line, of what Harbor has. */
export function foundText({ tag_selectors: tags, scope_selectors: scopes }: Selectors): string {
  const tag = tags?.[0];
  const repository = scopes?.repository?.[0];
  return chosenText({
    tags: tag?.pattern ?? "**",
    exceptTags: tag?.decoration === "excludes",
    repositories: repository?.pattern ?? "**",
    exceptRepositories: repository?.decoration === "repoExcludes",
  });
}

/** A choice as Harbor's API takes it. */
export function sentSelectors(chosen: Chosen, extras?: string) {
  const { repositories, exceptRepositories, tags, exceptTags } = chosen;
  return {
    tag_selectors: [
      {
        kind: "doublestar",
        decoration: exceptTags ? "excludes" : "matches",
        pattern: tags,
        ...(extras === undefined ? {} : { extras }),
      },
    ],
    scope_selectors: {
      repository: [
        { kind: "doublestar", decoration: exceptRepositories ? "repoExcludes" : "repoMatches", pattern: repositories },
      ],
    },
  };
}

function but(except: boolean, pattern: string): string {
  return except ? `all but ${pattern}` : pattern;
}
