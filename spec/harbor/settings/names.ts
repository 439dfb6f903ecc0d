import * as z from "zod";

const WORDS = "[a-z0-9]+(?:[._-][a-z0-9]+)*";

/** A name of a project or a robot, as Harbor takes it (src/pkg/project/manager.go, src/server/v2.0/handler/robot.go). */
export const projectNameSchema = z
  .string()
  .max(255)
  .regex(new RegExp(`^${WORDS}$`), {
    error: "a name holds a-z and 0-9, with single '.', '_' or '-' between them",
  });

/** The name of something that is found by its name: a registry, a rule, a receiver. It becomes part of a secret's name. */
export const thingNameSchema = z
  .string()
  .max(64)
  .regex(new RegExp(`^${WORDS}$`), {
    error: "a name holds up to 64 of a-z and 0-9, with single '.', '_' or '-' between them",
  });

/** A pattern of names of repositories or tags: `**`, `app/*`, `v*`, `{main,release-*}`. */
export const patternSchema = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9._/*?{},[\]^!-]+$/, {
    error: "a pattern holds names with *, **, ? and {this,that}: team/**, v*",
  });

/** A namespace of repositories: a project, or folders below one. */
export const namespaceSchema = z
  .string()
  .max(255)
  .regex(new RegExp(`^${WORDS}(?:/${WORDS})*$`), {
    error: "a namespace is a project, or folders below one: mirror or mirror/hub",
  });
