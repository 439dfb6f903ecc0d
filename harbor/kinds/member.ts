import * as z from "zod";
import { type Member, ROLES } from "../../spec/harbor/settings/project.js";
import type { HarborSettings } from "../../spec/harbor/settings/settings.js";
import type { HarborClient } from "../client.js";
import type { ProjectKind, Wanted } from "../kind.js";

/** Harbor's numbers of kinds of groups. */
const GROUP_KINDS = { ldap: 1, oidc: 3 } as const;
/** Who made the project, and everything else. */
const ADMIN = "admin";

const members = z.array(
  z.object({
    id: z.number(),
    entity_name: z.string(),
    entity_type: z.string(),
    entity_id: z.number().default(0),
    role_id: z.number(),
  }),
);
const groups = z.array(z.object({ id: z.number(), ldap_group_dn: z.string().default("") }));

/** Who may do what in a project. Users and groups are looked for by Harbor: it has to know them, or their provider. */
export const memberKind: ProjectKind = {
  title: "member",
  prunable: true,
  want: (_harbor, { members: wanted }, field) =>
    wanted.map((member, index) => ({
      name: nameOf(member),
      field: `${field}.members[${index}]`,
      shape: { role: member.role },
    })),
  read: async (harbor, { name: project }) => {
    const found = await harbor.client.list(`/projects/${project}/members`, members);
    const dns = found.some(({ entity_type: type }) => type === "g")
      ? await groupDns(harbor.client)
      : new Map<number, string>();
    return found.map((member) => {
      const isUser = member.entity_type === "u";
      return {
        name: isUser
          ? nameOf({ user: member.entity_name })
          : nameOf({ group: dns.get(member.entity_id) ?? member.entity_name }),
        id: `${member.id}`,
        shape: { role: roleName(member.role_id) },
        stays: isUser && member.entity_name === ADMIN ? "Harbor made it" : undefined,
      };
    });
  },
  create: async ({ client, settings }, wanted, { name: project }) => {
    await client.post(`/projects/${project}/members`, {
      role_id: roleId(wanted),
      ...entity(wanted.name, settings.login?.kind),
    });
  },
  update: async ({ client }, wanted, { id }, { name: project }) =>
    client.put(`/projects/${project}/members/${id}`, { role_id: roleId(wanted) }),
  remove: async ({ client }, { id }, { name: project }) => client.delete(`/projects/${project}/members/${id}`),
};

function nameOf({ user, group }: Pick<Member, "user" | "group">): string {
  // Directories compare without regard to capitals.
  return user !== undefined ? `user ${user}` : `group ${group?.includes("=") ? group.toLowerCase() : group}`;
}

function entity(name: string, login: NonNullable<HarborSettings["login"]>["kind"] | undefined) {
  if (name.startsWith("user ")) return { member_user: { username: name.slice("user ".length) } };
  const group = name.slice("group ".length);
  return {
    member_group:
      login === "ldap"
        ? { group_type: GROUP_KINDS.ldap, ldap_group_dn: group }
        : { group_type: GROUP_KINDS.oidc, group_name: group },
  };
}

/** Members of LDAP's groups are listed by a group's short name, and are meant by its DN. */
async function groupDns(client: HarborClient): Promise<Map<number, string>> {
  const found = await client.list("/usergroups", groups);
  return new Map(found.filter(({ ldap_group_dn: dn }) => dn !== "").map(({ id, ldap_group_dn: dn }) => [id, dn]));
}

function roleName(id: number): string {
  return Object.entries(ROLES).find(([, number]) => number === id)?.[0] ?? `role ${id}`;
}

function roleId({ shape }: Wanted): number | undefined {
  return Object.entries(ROLES).find(([name]) => name === shape.role)?.[1];
}
