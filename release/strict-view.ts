import { Secret } from "../spec/secret.js";

/**
 * A view that throws where a template names a field it does not have: Handlebars is strict about values, but takes a
 * misspelt `{{#if}}` for false. A field may be there and undefined.
 */
export function strictView<View extends object>(view: View): View {
  return new Proxy(view, {
    get(target, field, receiver) {
      if (typeof field === "string" && !(field in target)) throw new Error(`the view has no field ${field}`);
      const value: unknown = Reflect.get(target, field, receiver);
      return isView(value) ? strictView(value) : value;
    },
  });
}

function isView(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Secret);
}
