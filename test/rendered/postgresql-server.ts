import { chmod, chown, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";
import { serverIdentity } from "./certificates.js";
import { newFolder } from "./placed.js";
import { freePorts } from "./ports.js";

/** Where Debian keeps the programs of a server. */
const VERSIONS = "/usr/lib/postgresql";
const PROGRAMS = { program: "pg_ctlcluster", package: "postgresql" };

const quiet = $({ quiet: true });

export interface PostgresqlSettings {
  readonly superuser: string;
  /** Lines of pg_hba.conf. */
  readonly rules: readonly string[];
}

/** A PostgreSQL on this machine, with TLS, that writes every statement it is let to its log. */
export class PostgresqlServer {
  readonly port: number;
  /** PEM of the CA by which it proves that it is `localhost`. */
  readonly authority: string;
  /** With its socket in it. */
  readonly folder: string;
  readonly #programs: string;
  readonly #superuser: string;

  private constructor(
    at: Pick<PostgresqlServer, "port" | "authority" | "folder">,
    programs: string,
    superuser: string,
  ) {
    this.port = at.port;
    this.authority = at.authority;
    this.folder = at.folder;
    this.#programs = programs;
    this.#superuser = superuser;
  }

  static async start(name: string, { superuser, rules }: PostgresqlSettings): Promise<PostgresqlServer> {
    await provide([PROGRAMS], silentProgress);
    const versions = (await readdir(VERSIONS)).sort((one, other) => Number(other) - Number(one));
    const programs = join(VERSIONS, versions[0] ?? "", "bin");
    const folder = await newFolder(name);
    const port = (await freePorts(1))[0] ?? 0;
    const [user, group] = (await quiet`id -u postgres; id -g postgres`).stdout.trim().split("\n").map(Number);
    await chmod(folder, 0o755);
    await chown(folder, user ?? 0, group ?? 0);
    const cluster = join(folder, "cluster");
    await quiet`runuser -u postgres -- ${programs}/initdb --pgdata ${cluster} --username ${superuser} --auth-local trust --auth-host scram-sha-256`;
    const { ca, chain, key } = await serverIdentity(["localhost"]);
    for (const [file, text] of [
      ["server.crt", chain],
      ["server.key", key.reveal()],
    ] as const) {
      await writeFile(join(cluster, file), text, { mode: 0o600 });
      await chown(join(cluster, file), user ?? 0, group ?? 0);
    }
    await writeFile(join(cluster, "pg_hba.conf"), `${rules.join("\n")}\n`);
    const options = `-c ssl=on -c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off -c log_statement=all`;
    await quiet`runuser -u postgres -- ${programs}/pg_ctl --pgdata ${cluster} --wait --log ${folder}/log --options ${options} start`;
    return new PostgresqlServer({ port, authority: ca, folder }, programs, superuser);
  }

  /** Path of its log. */
  get log(): string {
    return join(this.folder, "log");
  }

  /** Runs statements one by one. @returns what they give, without titles */
  async asSuperuser(...statements: readonly string[]): Promise<string> {
    const commands = statements.flatMap((text) => ["--command", text]);
    const { stdout } =
      await quiet`psql --no-psqlrc --tuples-only --no-align --host ${this.folder} --port ${this.port} --username ${this.#superuser} --dbname postgres ${commands}`;
    return stdout.trim();
  }

  async stop(): Promise<void> {
    await quiet`runuser -u postgres -- ${this.#programs}/pg_ctl --pgdata ${this.folder}/cluster --mode immediate stop`;
  }
}
