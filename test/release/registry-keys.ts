import { z } from "zod";

// The keys that each major of Distribution reads: configuration/configuration.go and the parameters of the drivers, at
// v3.1.1 and v2.8.3. The registry itself ignores a key it does not know, so a misspelt one would never be noticed.

const text = z.string().min(1);
const goDuration = z.string().regex(/^[1-9][0-9]*(h|m|s|ms)$/);
const bytes = z.int().positive();
const on = z.strictObject({ enabled: z.boolean() });

const log = z.strictObject({
  level: z.enum(["error", "warn", "info", "debug"]),
  formatter: z.enum(["text", "json", "logstash"]),
  fields: z.record(z.string(), text),
  accesslog: z.strictObject({ disabled: z.boolean() }),
});

const maintenance = z.strictObject({
  uploadpurging: z.strictObject({ enabled: z.boolean(), age: goDuration, interval: goDuration, dryrun: z.boolean() }),
  readonly: on,
});

const filesystem = z.strictObject({ rootdirectory: text });

const s3Common = {
  region: text,
  bucket: text,
  regionendpoint: text.optional(),
  secure: z.boolean(),
  rootdirectory: z.string(),
  encrypt: z.boolean(),
  keyid: z.string().optional(),
  chunksize: bytes.min(5 * 1024 ** 2),
  accesskey: text.optional(),
  secretkey: text.optional(),
};

const s3v3 = z.strictObject({
  ...s3Common,
  forcepathstyle: z.boolean(),
  storageclass: text,
  objectacl: z.literal("bucket-owner-full-control").optional(),
  accelerate: z.boolean().optional(),
  usedualstack: z.boolean().optional(),
});
const s3v2 = z.strictObject({ ...s3Common, storageclass: z.enum(["NONE", "STANDARD", "REDUCED_REDUNDANCY"]) });

const oss = z.strictObject({
  accesskeyid: text,
  accesskeysecret: text,
  region: text,
  bucket: text,
  internal: z.boolean(),
  endpoint: text.optional(),
  secure: z.boolean(),
  encrypt: z.boolean(),
  chunksize: bytes,
  rootdirectory: z.string(),
});

const azureCommon = { accountname: text, accountkey: text, container: text, realm: text };
const azureV3 = z.strictObject({
  ...azureCommon,
  credentials: z.strictObject({ type: z.literal("shared_key") }),
  rootdirectory: z.string(),
});
const azureV2 = z.strictObject(azureCommon);

/** A storage section with exactly one driver: with none or two the registry does not start. */
function storage<Drivers extends z.ZodRawShape, Rest extends z.ZodRawShape>(drivers: Drivers, rest: Rest) {
  return z
    .strictObject({ ...drivers, ...rest, delete: on, redirect: z.strictObject({ disable: z.boolean() }), maintenance })
    .refine((section) => Object.keys(section).filter((key) => key in drivers).length === 1, "exactly one driver");
}

const http = z.strictObject({
  addr: z.string().regex(/^[0-9.]+:[0-9]+$/),
  secret: text,
  relativeurls: z.boolean(),
  draintimeout: goDuration,
  headers: z.record(z.string(), z.array(text)),
  debug: z.strictObject({ addr: text, prometheus: z.strictObject({ enabled: z.boolean(), path: text }) }).optional(),
});

const auth = z.union([
  z.strictObject({ htpasswd: z.strictObject({ realm: z.string(), path: text }) }),
  z.strictObject({
    token: z.strictObject({ realm: text, service: z.string(), issuer: z.string(), rootcertbundle: text }),
  }),
]);

const health = z.strictObject({
  storagedriver: z.strictObject({ enabled: z.boolean(), interval: goDuration, threshold: z.int() }),
  file: z.array(z.strictObject({ file: text, interval: goDuration })),
});

const listOrNothing = z.array(text).nullable();
const notifications = z.strictObject({
  endpoints: z.array(
    z.strictObject({
      name: text,
      url: text,
      headers: z.strictObject({ Authorization: z.array(text) }).optional(),
      timeout: goDuration,
      threshold: z.int(),
      backoff: goDuration,
      ignore: z.strictObject({ mediatypes: listOrNothing, actions: listOrNothing }).optional(),
    }),
  ),
});

const redisTimes = { dialtimeout: goDuration, readtimeout: goDuration, writetimeout: goDuration };
const urls = z.strictObject({ allow: listOrNothing, deny: listOrNothing });
const catalog = z.strictObject({ maxentries: z.int() });
const common = { version: z.literal(0.1), log, http, auth: auth.optional(), health, catalog };
const account = { remoteurl: text, username: z.string().optional(), password: text.optional() };

/** What version 3 reads. */
export const version3Keys = z.strictObject({
  ...common,
  storage: storage(
    { s3: s3v3.optional(), azure: azureV3.optional(), filesystem: filesystem.optional() },
    {
      cache: z
        .strictObject({ blobdescriptor: z.enum(["inmemory", "redis"]), blobdescriptorsize: z.int().optional() })
        .optional(),
      tag: z.strictObject({ concurrencylimit: z.int() }),
    },
  ),
  redis: z
    .strictObject({
      addrs: z.array(text).min(1),
      mastername: text.optional(),
      db: z.int(),
      username: z.string().optional(),
      password: text.optional(),
      ...redisTimes,
      poolsize: z.int(),
      maxidleconns: z.int(),
      connmaxidletime: goDuration,
      tls: z.strictObject({ rootcas: z.array(text) }).optional(),
    })
    .optional(),
  notifications: notifications.optional(),
  proxy: z.strictObject({ ...account, ttl: goDuration }).optional(),
  validation: z.strictObject({
    manifests: z.strictObject({
      urls: urls.optional(),
      indexes: z.strictObject({ platforms: z.enum(["all", "none"]) }),
    }),
  }),
});

/** What version 2.8 reads. */
export const version2Keys = z.strictObject({
  ...common,
  storage: storage(
    { s3: s3v2.optional(), oss: oss.optional(), azure: azureV2.optional(), filesystem: filesystem.optional() },
    { cache: z.strictObject({ blobdescriptor: z.enum(["inmemory", "redis"]) }).optional() },
  ),
  redis: z
    .strictObject({
      addr: text,
      db: z.int(),
      password: text.optional(),
      ...redisTimes,
      pool: z.strictObject({ maxidle: z.int(), maxactive: z.int(), idletimeout: goDuration }),
    })
    .optional(),
  notifications: notifications.optional(),
  proxy: z.strictObject(account).optional(),
  validation: z.strictObject({ manifests: z.strictObject({ urls }) }).optional(),
});
