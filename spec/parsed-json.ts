/** What a JSON text holds; undefined when it is none, as after a write that was cut off. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
