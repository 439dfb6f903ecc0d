import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** Kinds of records by their numbers (RFC 1035 §3.2.2). */
const KINDS = { A: 1, NS: 2, TXT: 16 } as const;

/** What is known of a name. */
export interface Known {
  readonly A?: readonly string[];
  readonly NS?: readonly string[];
  readonly TXT?: readonly string[];
}

/** A name server on port 53 of an address of this machine. It knows what it is told and says of all else that it is not there. */
export class NameServer {
  readonly #socket: Socket;
  readonly known: Record<string, Known>;

  private constructor(socket: Socket, known: Record<string, Known>) {
    this.#socket = socket;
    this.known = known;
  }

  static async start(address: string, known: Record<string, Known> = {}): Promise<NameServer> {
    const socket = createSocket("udp4");
    const server = new NameServer(socket, known);
    socket.on("message", (question, { port, address: asker }) => socket.send(server.#answer(question), port, asker));
    socket.bind(53, address);
    await once(socket, "listening");
    return server;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(question: Buffer): Buffer {
    const { name, end } = nameIn(question, 12);
    const kind = question.readUInt16BE(end);
    const own = this.known[name.toLowerCase()];
    const answers = own === undefined ? [] : recordsOf(own, kind);
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    // An answer with authority; NXDOMAIN (3) for a name that nothing is known of.
    header.writeUInt16BE(0x8400 | (own === undefined ? 3 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    return Buffer.concat([header, question.subarray(12, end + 4), ...answers]);
  }
}

function recordsOf({ A = [], NS = [], TXT = [] }: Known, kind: number): Buffer[] {
  if (kind === KINDS.A) return A.map((one) => record(kind, Buffer.from(one.split(".").map(Number))));
  if (kind === KINDS.NS) return NS.map((one) => record(kind, encoded(one)));
  return kind === KINDS.TXT ? TXT.map((one) => record(kind, Buffer.from([one.length, ...Buffer.from(one)]))) : [];
}

function record(kind: number, content: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // The name is the one that was asked for, which begins at the 12th byte.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(kind, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(content.length, 10);
  return Buffer.concat([head, content]);
}

function encoded(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function nameIn(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  return { name: labels.join("."), end: at + 1 };
}
