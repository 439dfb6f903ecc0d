import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  composeScalar,
  goDuration,
  haproxyWord,
  nginxParameter,
  proxyDuration,
  shellWord,
  systemdWord,
  vrrpSeconds,
  yamlScalar,
} from "../../release/quoting.js";
import { anyText } from "../arbitrary/text.js";

describe("quoting", () => {
  test("YAML reads back what was written, and a line of it stays one line", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const scalar = yamlScalar(text);
        expect(scalar).toMatch(/^"[ -~]*"$/);
        expect(parse(`key: ${scalar} # comment`, { version: "1.1" })).toEqual({ key: text });
      }),
    );
  });

  test("a lone half of a surrogate pair, which UTF-8 cannot carry, becomes the replacement character", () => {
    expect(parse(yamlScalar("a\ud800b"))).toBe("a\ufffdb");
  });

  test("a compose file has no variable left", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(parse(composeScalar(text)).replaceAll("$$", "")).not.toContain("$");
      }),
    );
  });

  test("a shell reads back what was written", () => {
    const words = fc.array(
      anyText().filter((text) => !text.includes("\0")),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(words, (texts) => {
        const script = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
        const expected = texts.map((text) => `${Buffer.from(text).toString()}\0`).join("");
        expect(execFileSync("/bin/sh", ["-c", script]).toString()).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("nginx gets no variable, no control character, and no end of a string", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        if (/[$\p{Cc}]/u.test(text)) expect(() => nginxParameter(text)).toThrow(RangeError);
        else expect(nginxParameter(text)).toMatch(/^([A-Za-z0-9_./:-]+|"([^"\\]|\\.)*")$/u);
      }),
    );
  });

  test("HAProxy's strong quotes end only where they begin again", () => {
    fc.assert(
      fc.property(
        anyText().filter((text) => !/\p{Cc}/u.test(text)),
        (text) => {
          const word = haproxyWord(text);
          if (word !== text) expect(word).toBe(`'${text.split("'").join("'\\''")}'`);
          else expect(word).toMatch(/^[A-Za-z0-9_./:,-]+$/);
        },
      ),
    );
  });

  test("systemd expands neither specifiers nor variables", () => {
    expect(systemdWord("/srv/100%/$HOME")).toBe("/srv/100%%/$$HOME");
    expect(systemdWord('a "b" \\c')).toBe('"a \\"b\\" \\\\c"');
    expect(() => systemdWord("a\nExecStart=/bin/evil")).toThrow(RangeError);
  });

  test("durations are written in units that the reader knows", () => {
    expect(["7d", "90m", "2500ms", "60s", "1ms"].map(goDuration)).toEqual(["168h", "90m", "2500ms", "1m", "1ms"]);
    expect(["7d", "2500ms", "300s"].map(proxyDuration)).toEqual(["604800s", "2500ms", "300s"]);
    expect([250, 1000, 100, 1].map(vrrpSeconds)).toEqual(["0.25", "1.00", "0.10", "0.01"]);
  });
});
