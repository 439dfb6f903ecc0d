import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { $ } from "zx";
import { answeringEngine, provideEngine } from "../../supply/engine.js";
import { type MadeImage, madeImage } from "../../supply/made-image.js";
import { IMAGE_PINS, type ImagePin, pinOf } from "../../supply/pins.js";
import { silentProgress } from "../../supply/progress.js";

const run = $({ quiet: true });

/** Settings with which each program answers on port 8080, and what it is asked. */
const SETTINGS = {
  registry: {
    file: "config.yml",
    text: "version: 0.1\nstorage: {filesystem: {rootdirectory: /tmp/registry}}\nhttp: {addr: ':8080'}\n",
    start: (file: string) => ["registry", "serve", file],
    path: "/v2/",
    answer: "{}",
  },
  nginx: {
    file: "nginx.conf",
    text: `pid /tmp/nginx.pid; error_log /dev/stderr; events {}
http {
  client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi; access_log /dev/stdout;
  server { listen 8080; location / { return 200 "nginx speaks"; } }
}`,
    start: (file: string) => ["nginx", "-c", file, "-g", "daemon off;"],
    path: "/",
    answer: "nginx speaks",
  },
  haproxy: {
    file: "haproxy.cfg",
    text: `defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend all
  bind :8080
  http-request return status 200 content-type text/plain string "haproxy speaks"
`,
    start: (file: string) => ["haproxy", "-W", "-db", "-f", file],
    path: "/",
    answer: "haproxy speaks",
  },
} as const;

let folder: string;
beforeAll(async () => {
  await provideEngine(silentProgress);
  folder = await mkdtemp(join(tmpdir(), "harborwright-images-"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function load({ archive }: MadeImage, tag: string): Promise<string> {
  await run`docker load --quiet --input ${archive}`;
  return (await run`docker image inspect --format {{.Id}} ${tag}`).stdout.trim();
}

describe.each(IMAGE_PINS.map((pin) => [`${pin.name} ${pin.version}`, pin] as const))(
  "the made image of %s",
  (_, pin) => {
    let image: MadeImage;
    beforeAll(async () => {
      image = await madeImage(pin, silentProgress);
    });

    test("has the id that its maker said, however often the engine loads it", async () => {
      const tag = `harborwright/${pin.name}:${image.version}`;
      expect(await load(image, tag)).toBe(image.id);
      expect(await load(image, tag)).toBe(image.id);
    });

    test("starts without root, without rights and without a writable file system, and answers", async () => {
      expect(await answerOf(image, pin)).toBe(SETTINGS[pin.name].answer);
    });
  },
);

/** Starts a container as our hosts do, asks it, and removes it. */
async function answerOf(image: MadeImage, pin: ImagePin): Promise<string> {
  const settings = SETTINGS[pin.name];
  const file = join(folder, `${pin.version}-${settings.file}`);
  await writeFile(file, settings.text);
  const guards = ["--read-only", "--user", "10101:10101", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  const inside = `/${settings.file}`;
  const mounts = ["--tmpfs", "/tmp", "--volume", `${file}:${inside}:ro`, "--publish", "127.0.0.1::8080"];
  const started = await run`docker run --detach ${guards} ${mounts} ${image.id} ${settings.start(inside)}`;
  const container = started.stdout.trim();
  try {
    const address = (await run`docker port ${container} 8080/tcp`).stdout.trim();
    return await vi.waitFor(async () => (await fetch(`http://${address}${settings.path}`)).text(), { timeout: 10_000 });
  } catch (error) {
    throw new Error((await run`docker logs ${container}`).text(), { cause: error });
  } finally {
    await run`docker rm --force ${container}`;
  }
}

test("an image that is made twice, each time from nothing, is the same to the byte", async () => {
  const made: MadeImage[] = [];
  for (const cache of ["first", "second"]) {
    vi.stubEnv("HARBORWRIGHT_CACHE", join(folder, cache));
    made.push(await madeImage(pinOf({ name: "nginx" }), silentProgress));
  }
  const [first, second] = await Promise.all(made.map(({ archive }) => readFile(archive)));
  expect(made[1]?.id).toBe(made[0]?.id);
  expect(first !== undefined && second !== undefined && first.equals(second)).toBe(true);
}, 120_000);

test("an engine that runs is left as it is, by however many ask for it at once", async () => {
  const processNumbers = () => run`pgrep -x dockerd`.nothrow().then(({ stdout }) => stdout);
  const before = await processNumbers();
  const engines = await Promise.all(Array.from({ length: 3 }, () => provideEngine(silentProgress)));
  expect(new Set(engines.map((engine) => JSON.stringify(engine)))).toEqual(
    new Set([JSON.stringify(await answeringEngine())]),
  );
  expect(await processNumbers()).toBe(before);
});
