/** Which room may import which: the arrows of ARCHITECTURE.md, checked by `npm run lint`. */
const arrows = {
  providers: [],
  spec: [],
  constructs: ["spec"],
  stacks: ["constructs", "spec"],
  secrets: ["spec"],
  certificates: ["secrets", "spec"],
  release: ["spec"],
  hosts: ["spec"],
  harbor: ["spec"],
  supply: ["spec", "release"],
  infrastructure: ["constructs", "spec", "stacks", "supply"],
  graph: ["constructs", "spec"],
  cost: ["constructs", "spec"],
  lab: ["hosts", "spec", "supply"],
  cluster: ["release", "hosts", "spec"],
  operations: [
    "certificates",
    "cluster",
    "cost",
    "graph",
    "harbor",
    "hosts",
    "infrastructure",
    "lab",
    "release",
    "secrets",
    "spec",
    "stacks",
    "supply",
  ],
  cli: [
    "certificates",
    "cluster",
    "cost",
    "graph",
    "harbor",
    "hosts",
    "infrastructure",
    "lab",
    "operations",
    "release",
    "secrets",
    "spec",
    "supply",
  ],
};
const rooms = Object.keys(arrows);

module.exports = {
  forbidden: [
    ...rooms.map((room) => ({
      name: `${room} knows only ${arrows[room].join(", ") || "itself"}`,
      severity: "error",
      from: { path: `^${room}/` },
      to: {
        path: `^(${rooms.filter((other) => other !== room && !arrows[room].includes(other)).join("|")}|test|bench)/`,
        // The classes made of a provider's schema are a package like those of npm: whoever may use cdktf may use them.
        pathNot: "^providers/[^/]+/lib/",
      },
    })),
    {
      name: "no circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "the pure middle has no clock, disk or network",
      severity: "error",
      from: { path: "^(spec|release|constructs|stacks)/", pathNot: "^release/templates\\.ts$" },
      to: { path: "^(node:)?(fs|fs/promises|child_process|http|https|dgram|dns|timers|timers/promises)$" },
    },
    {
      name: "bindings of a provider are imported one by one",
      severity: "error",
      from: {},
      to: { path: "@cdktf/provider-[a-z]+/lib/(index|lazy-index)\\." },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^providers/[^/]+/lib/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
