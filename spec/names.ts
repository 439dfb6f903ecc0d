import { isIPv4, isIPv6 } from "node:net";
import * as z from "zod";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A name for an environment, a site or a node: it becomes part of host names, so it is one DNS label, at most 32 long. */
export const nameSchema = z.string().regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, {
  error: "a name starts with a letter and holds up to 32 of a-z, 0-9 and '-'",
});

/** A DNS name, in lower case, without a port or a scheme. */
export const hostnameSchema = z
  .string()
  .max(253)
  .regex(new RegExp(`^${LABEL}(\\.${LABEL})*$`), {
    error: "a host name holds a-z, 0-9, '-' and '.', without a scheme or a port: registry.example.com",
  });

/** An IP address, version 4 or 6, without a zone: `fe80::1%eth0` means something on one machine only. */
export const ipSchema = z
  .string()
  .refine((text) => isIPv4(text) || (isIPv6(text) && !text.includes("%")), {
    error: "an IP address is needed: 10.20.0.11 or 2001:db8::11",
  })
  .meta({ pattern: "^[0-9A-Fa-f:.]+$" });

/** An IPv4 address. */
export const ipv4Schema = z
  .string()
  .refine(isIPv4, { error: "an IPv4 address is needed: 10.20.0.100" })
  .meta({ format: "ipv4" });

/** A DNS name or an IP address. */
export const addressSchema = z.union([hostnameSchema, ipSchema], {
  error: "a host name or an IP address is needed: node-1.example.com or 10.20.0.11",
});

/** A TCP port. */
export const portSchema = z.int().min(1).max(65535);

/** An IPv4 block in CIDR notation whose address is the first of the block. */
export const cidrSchema = z
  .string()
  .refine(isCidr, { error: "a block of addresses is needed, written from its first address: 198.18.0.0/24" })
  .meta({ pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$" });

/** A host and a port, as Redis is addressed. */
export const hostPortSchema = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$/, {
    error: "an address with a port is needed: 10.20.0.20:6379",
    abort: true,
  })
  .refine((text) => portSchema.safeParse(Number(text.split(":")[1])).success, { error: "a port is 1 to 65535" });

/** A name server: an IPv4 address, with or without a port. */
export const dnsServerSchema = z
  .string()
  .regex(/^[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]{1,5})?$/, {
    error: "an IPv4 address, perhaps with a port, is needed: 10.0.0.2 or 10.0.0.2:5353",
    abort: true,
  })
  .refine((text) => isIPv4(text.split(":")[0] ?? "") && isPortText(text.split(":")[1]), {
    error: "this is no address, or its port is not 1 to 65535",
  });

/** A mail address. */
export const mailSchema = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/, { error: "a mail address: ops@example.com" });

/**
 * One line of text, not empty, without control characters. The separators of lines that only Unicode knows are refused
 * with them: YAML 1.1 and JavaScript break lines there. Half of a surrogate pair has no bytes in UTF-8.
 */
export const lineSchema = z
  .string()
  .min(1)
  .max(1024)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, {
    error: "one line of text without control characters is needed",
  })
  .refine((text) => !/\p{Surrogate}/u.test(text), { error: "this text has half of a surrogate pair" });

function isPortText(text: string | undefined): boolean {
  return text === undefined || portSchema.safeParse(Number(text)).success;
}

function isCidr(text: string): boolean {
  const [address, prefix, ...rest] = text.split("/");
  if (address === undefined || prefix === undefined || rest.length > 0) return false;
  if (!isIPv4(address) || !/^(\d|[12]\d|3[0-2])$/.test(prefix)) return false;
  const hostBits = 32 - Number(prefix);
  return hostBits === 32 || ipv4Number(address) % 2 ** hostBits === 0;
}

/** The 32-bit number of an IPv4 address. */
export function ipv4Number(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The IPv4 address that stands `offset` places after the first of a block. */
export function addressIn(cidr: string, offset: number): string {
  const first = ipv4Number(cidr.split("/")[0] ?? "") + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}
