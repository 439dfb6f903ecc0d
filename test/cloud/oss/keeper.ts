import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { consumer, verdict } from "../../rendered/consumers.js";
import { type Running, until } from "../../rendered/running.js";

/** A process that does nothing but keep namespaces alive. */
export class Keeper {
  private constructor(
    readonly pid: number,
    readonly end: () => Promise<void>,
  ) {}

  /**
   * @param namespaces - options of unshare: --net, --mount
   * @param prepare - shell script that runs in them, as root
   * @param root - the folder that is their root from then on. @default - this machine's
   */
  static async start(namespaces: readonly string[], prepare: string, root = "/"): Promise<Keeper> {
    await consumer("ip");
    const script = `${prepare}\necho ready\nexec chroot ${root} sleep infinity`;
    const child = spawn("unshare", [...namespaces, "sh", "-ec", script], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
    if (line !== "ready" || child.pid === undefined) throw new Error("no namespaces could be made");
    return new Keeper(child.pid, async () => {
      child.kill("SIGKILL");
      await ended;
    });
  }

  /** A command, as it is run in the network that is kept. */
  inNetwork(command: readonly string[]): string[] {
    return ["nsenter", "--target", String(this.pid), "--net", ...command];
  }

  /** A command, as it is run in everything that is kept. */
  inside(command: readonly string[]): string[] {
    return ["nsenter", "--target", String(this.pid), "--mount", "--net", "--root", "--wd", ...command];
  }

  /** Waits until a program listens on a port of the network that is kept. @throws Error with what it said if it ends */
  async listens(port: number, program: Running): Promise<void> {
    const state = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} \\S+ 0A `);
    await until(`port ${port} listens`, async () => {
      if (!program.lives) throw new Error(`the program ended:\n${program.said}`);
      const { said } = await verdict(this.inNetwork(["cat", "/proc/net/tcp", "/proc/net/tcp6"]));
      return state.test(said);
    });
  }
}
