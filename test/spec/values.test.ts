import fc from "fast-check";
import { expect, test } from "vitest";
import { durationSchema, milliseconds, wholeSeconds } from "../../spec/duration.js";
import {
  addressIn,
  addressSchema,
  cidrSchema,
  hostnameSchema,
  hostPortSchema,
  ipv4Number,
  nameSchema,
} from "../../spec/names.js";
import { bytes, sizeSchema } from "../../spec/size.js";
import { isLoopback, isPrivateHost, urlSchema } from "../../spec/url.js";

test.each([
  ["250ms", 250, 1],
  ["30s", 30_000, 30],
  ["5m", 300_000, 300],
  ["12h", 43_200_000, 43_200],
  ["7d", 604_800_000, 604_800],
])("%s is %d ms, and %d whole seconds", (text, inMilliseconds, inSeconds) => {
  expect(durationSchema.safeParse(text).success).toBe(true);
  expect(milliseconds(text)).toBe(inMilliseconds);
  expect(wholeSeconds(text)).toBe(inSeconds);
});

test.each(["", "0s", "30", "1.5s", "-1s", "1w", "s", "01s", "1 s", "9999999999s"])(
  "%j is no length of time",
  (text) => {
    expect(durationSchema.safeParse(text).success).toBe(false);
  },
);

test.each([
  ["64KiB", 65_536],
  ["5MiB", 5_242_880],
  ["2GiB", 2_147_483_648],
  ["1TiB", 1_099_511_627_776],
])("%s is %d bytes", (text, amount) => {
  expect(sizeSchema.safeParse(text).success).toBe(true);
  expect(bytes(text)).toBe(amount);
});

test.each(["5MB", "0MiB", "5", "5 MiB", "1.5GiB"])("%j is no size", (text) => {
  expect(sizeSchema.safeParse(text).success).toBe(false);
});

test("places of a block count on over the end of a byte", () => {
  expect(addressIn("198.18.0.0/15", 11)).toBe("198.18.0.11");
  expect(addressIn("198.18.0.240/28", 15)).toBe("198.18.0.255");
  expect(addressIn("198.18.255.0/24", 256)).toBe("198.19.0.0");
});

test("an address and its number are one", () => {
  fc.assert(fc.property(fc.ipV4(), (address) => addressIn(`${address}/32`, 0) === address));
  expect(ipv4Number("255.255.255.255")).toBe(2 ** 32 - 1);
});

test.each([
  [nameSchema, ["prod", "a", "node-1"], ["", "1a", "a-", "A", "a_b", "a".repeat(33), "a\n"]],
  [
    hostnameSchema,
    ["registry.example.com", "localhost", "1.example"],
    ["", "A.example", "a..b", "-a.b", "a:443", "http://a", "a.b\n"],
  ],
  [addressSchema, ["node-1.example.com", "10.0.0.1", "2001:db8::1"], ["", "a b", "fe80::1%eth0", "[::1]"]],
  [
    cidrSchema,
    ["198.18.0.0/24", "0.0.0.0/0", "10.0.0.1/32"],
    ["198.18.0.1/24", "10.0.0.0/33", "10.0.0.0", "10.0.0/8", "10.0.0.0/8/8"],
  ],
  [hostPortSchema, ["10.0.0.1:6379", "redis.example.com:1"], ["a", "a:0", "a:65536", ":1", "a b:1"]],
  [
    urlSchema,
    ["https://a.example.com", "http://[::1]:9000/x?y=z#q"],
    ["ftp://a", "https://", "https://a:99999", "https://u@a", "https://a b", "https://xn--0.a"],
  ],
])("a schema accepts what it names and nothing else", (schema, accepted, refused) => {
  for (const text of accepted) expect(schema.safeParse(text).success, text).toBe(true);
  for (const text of refused) expect(schema.safeParse(text).success, JSON.stringify(text)).toBe(false);
});

test.each([
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "198.19.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "[fd00::1]",
  "[::1]",
  "minio",
  "minio.internal",
  "a.home.arpa",
])("%s is inside one's own network", (host) => expect(isPrivateHost(`http://${host}:9000/`)).toBe(true));

test.each(["172.32.0.1", "198.20.0.1", "100.128.0.1", "8.8.8.8", "[2001:db8::1]", "minio.example.com", "internal.com"])(
  "%s is not",
  (host) => expect(isPrivateHost(`http://${host}:9000/`)).toBe(false),
);

test("a machine itself has many names", () => {
  for (const host of ["localhost", "s3.localhost", "127.0.0.9", "[::1]", "2130706433"])
    expect(isLoopback(`http://${host}/`), host).toBe(true);
  for (const host of ["10.0.0.1", "localhost.example.com", "[::2]"])
    expect(isLoopback(`http://${host}/`), host).toBe(false);
});
