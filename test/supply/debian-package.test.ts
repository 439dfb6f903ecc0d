import { expect, test } from "vitest";
import { parsePackages, upstreamVersion } from "../../supply/debian-package.js";

test("a paragraph of a package list gives the name, the version and what the package needs", () => {
  const text = `Package: nginx
Version: 1.22.1-9+deb12u2
Section: httpd
Pre-Depends: init-system-helpers (>= 1.54~)
Depends: libc6 (>= 2.34), iproute2 | net-tools, zlib1g (>= 1:1.1.4)
Description: small, powerful web server
 with text that goes on: like this
 .
 Depends: this is text too

Package: zlib1g
Version: 1:1.2.13.dfsg-1
Section: libs
`;
  expect(parsePackages(text)).toEqual([
    {
      name: "nginx",
      version: "1.22.1-9+deb12u2",
      section: "httpd",
      needs: ["init-system-helpers", "libc6", "iproute2", "zlib1g"],
    },
    { name: "zlib1g", version: "1:1.2.13.dfsg-1", section: "libs", needs: [] },
  ]);
});

test.each([
  ["1.22.1-9+deb12u2", "1.22.1"],
  ["2.8.2+ds1-1", "2.8.2"],
  ["1:1.2.13.dfsg-1", "1.2.13"],
  ["3.0", "3.0"],
])("Debian's version %s is the program's %s", (debian, upstream) => {
  expect(upstreamVersion(debian)).toBe(upstream);
});
