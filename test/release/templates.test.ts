import { readFileSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import { describe, expect, test } from "vitest";
import { loadTemplates, templatesFolder } from "../../release/templates.js";

const BLOCKS = ["if", "each"];

/** Everything in a template that is neither text, a comment, a quoted value, an `if` nor an `each`. */
function foreignParts(program: hbs.AST.Program): string[] {
  return program.body.flatMap((statement) => {
    switch (statement.type) {
      case "ContentStatement":
      case "CommentStatement":
        return [];
      case "MustacheStatement": {
        const { params, path } = statement as hbs.AST.MustacheStatement;
        return params.length === 1 ? [] : [`{{${(path as hbs.AST.PathExpression).original}}}`];
      }
      case "BlockStatement": {
        const block = statement as hbs.AST.BlockStatement;
        const inner = [block.program, block.inverse].flatMap((branch) => (branch ? foreignParts(branch) : []));
        const name = String(block.path.original);
        return BLOCKS.includes(name) ? inner : [`{{#${name}}}`, ...inner];
      }
      default:
        return [statement.type];
    }
  });
}

describe("templates", () => {
  test.each(loadTemplates().names)("%s writes every value through a helper that quotes it", (name) => {
    const text = readFileSync(join(templatesFolder(), `${name}.hbs`), "utf8");
    expect(foreignParts(Handlebars.parse(text))).toEqual([]);
  });

  test("the check finds a value without a helper, and logic beyond if and each", () => {
    expect(foreignParts(Handlebars.parse("{{#if x}}{{y}}{{/if}}{{#unless z}}{{yaml z}}{{/unless}}"))).toEqual([
      "{{y}}",
      "{{#unless}}",
    ]);
  });

  test("a field that the view does not have is an error and not an empty text", () => {
    const fill = (name: string) => () => loadTemplates().fill(name, {}, "refuse");
    expect(fill("floating/etc/harborwright/floating/check.sh")).toThrow(/no field statusPort/);
    expect(fill("floating/etc/harborwright/floating/keepalived.conf")).toThrow(/no field interface/);
  });

  test("a template that is not there is named", () => {
    expect(() => loadTemplates().fill("nginx/etc/none", {}, "refuse")).toThrow(/no template nginx\/etc\/none/);
  });
});
