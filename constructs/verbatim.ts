/** Text of a user in which Terraform looks for nothing to replace: it would take what stands in `${…}` for a term. */
export function verbatim(text: string): string {
  return text.replaceAll("${", "$${").replaceAll("%{", "%%{");
}
