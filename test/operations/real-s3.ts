import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Secret } from "../../spec/secret.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import { freePort } from "./real-registry.js";

/** An S3 server over a folder, with one bucket. */
export class RealS3 {
  readonly keys = { accessKey: new Secret("an-access-key"), secretKey: new Secret("a-secret-key") };
  readonly bucket = "images";
  readonly port: number;
  readonly folder: string;
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start(): Promise<RealS3> {
    const s3 = new RealS3(await mkdtemp(join(tmpdir(), "s3-")), await freePort());
    await mkdir(join(s3.folder, s3.bucket));
    const env = {
      ROOT_ACCESS_KEY: s3.keys.accessKey.reveal(),
      ROOT_SECRET_KEY: s3.keys.secretKey.reveal(),
      VGW_VIRTUAL_DOMAIN: `localhost:${s3.port}`,
    };
    const options = ["--port", `127.0.0.1:${s3.port}`, "--quiet", "posix", s3.folder];
    s3.#server = spawn(await goTool("versitygw", silentProgress), options, { env, stdio: "ignore" });
    await s3.#untilItListens();
    return s3;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server !== undefined && server.exitCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #untilItListens(): Promise<void> {
    const until = Date.now() + 20_000;
    for (;;) {
      const socket = connect(this.port, "127.0.0.1");
      const listens = await Promise.race([
        once(socket, "connect").then(() => true),
        once(socket, "error").then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (listens) return;
      if (Date.now() > until) throw new Error("the S3 server does not listen");
      await pause(50);
    }
  }
}
