import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The job service of a node: what it tells of its jobs, page by page as Redis scans them, to whom knows the secret. */
export class JobService {
  /** Ids of the schedules that it carries out. */
  schedules: string[] = [];
  /** Ids of other jobs. */
  jobs: string[] = [];
  /** Whether it answers at all. */
  runs = true;
  /** Done when it is started anew. */
  onStart: () => void = () => {};
  readonly secret = "core-secret-1234";
  readonly #server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://jobservice");
    if (url.pathname === "/restart") {
      this.onStart();
      return void response.end();
    }
    if (!this.runs) return void response.destroy();
    if (request.headers.authorization !== `Harbor-Secret ${this.secret}`) {
      return void response.writeHead(401).end("unauthorized");
    }
    const all = [
      ...this.schedules.map((id) => ({ id, status: "Scheduled", name: "SCHEDULER", kind: "Periodic", unique: false })),
      ...this.jobs.map((id) => ({ id, status: "Success", name: "REPLICATION", kind: "Generic", unique: false })),
    ];
    // The first job comes again on the second page: Redis may do that while it scans.
    const cursor = Number(url.searchParams.get("cursor") ?? 0);
    const half = Math.ceil(all.length / 2);
    const page = cursor === 0 ? all.slice(0, half) : [...all.slice(0, 1), ...all.slice(half)];
    response.setHeader("Next-Cursor", cursor === 0 && all.length > 1 ? "7" : "0");
    response.end(JSON.stringify(page));
  });

  static async start(): Promise<JobService> {
    const service = new JobService();
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  /** What the host's `docker` is: its container is this process. */
  get docker(): string {
    const address: AddressInfo | string | null = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `case $1 in
exec)
  shift 2
  words=$(printf '%s' "$3" | sed 's/localhost:8080/127.0.0.1:${port}/; s/localhost:8443/127.0.0.1:1/')
  CORE_SECRET=${this.secret} exec "$1" "$2" "$words" "$4" "$5" ;;
restart) exec curl -sS "http://127.0.0.1:${port}/restart" ;;
esac`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
