/** Text of a user in which Terraform looks for nothing to replace: it would take what stands in `${…}` for a term. */
export function verbatim(text: string): string {
  // By functions: in a replacement that is a string, "$$" stands for one "$".
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
