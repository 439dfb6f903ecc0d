/** Plain data of a user, with every text in it as {@link verbatim} has it. Only once: it would be escaped again. */
export function verbatimIn<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data), (_, value) => (typeof value === "string" ? verbatim(value) : value));
}

/** Text of a user in which Terraform looks for nothing to replace: it would take what stands in `${…}` for a term. */
export function verbatim(text: string): string {
  // By functions: in a replacement that is a string, "$$" stands for one "$".
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
