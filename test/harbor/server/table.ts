import { type Asked, type Json, notFound, Refusal, type Reply } from "./reply.js";

const DEFAULT_PAGE = 10;
const LARGEST_PAGE = 100;

/** Things of one kind, by their numbers. */
export class Table {
  readonly rows = new Map<number, Json>();
  #next: number;

  /** @param first - numbers of different kinds differ, so that a mix-up shows */
  constructor(first: number) {
    this.#next = first;
  }

  add(row: Json): number {
    const id = this.#next;
    this.#next += 1;
    this.rows.set(id, { ...row, id });
    return id;
  }

  get(id: string | number | undefined): Json {
    const row = this.rows.get(Number(id));
    if (row === undefined) throw notFound(`resource ${id} not found`);
    return row;
  }

  where(test: (row: Json) => boolean): Json[] {
    return [...this.rows.values()].filter(test);
  }

  /** The number of the one with this name. */
  idOf(name: string): number {
    const [row] = this.where((one) => one.name === name);
    if (typeof row?.id !== "number") throw new RangeError(`there is no ${name}`);
    return row.id;
  }

  has(test: (row: Json) => boolean): boolean {
    return this.where(test).length > 0;
  }

  change(id: string | number | undefined, changes: Json): void {
    const row = this.get(id);
    this.rows.set(Number(row.id), { ...row, ...changes, id: row.id });
  }

  delete(id: string | number | undefined): void {
    this.rows.delete(Number(this.get(id).id));
  }
}

/** One page of a list. */
export function paged({ query }: Asked, rows: readonly Json[]): Reply {
  const page = Number(query.get("page") ?? 1);
  const size = Number(query.get("page_size") ?? DEFAULT_PAGE);
  if (size > LARGEST_PAGE) throw new Refusal(422, "", "page_size in query should be less than or equal to 100");
  const entries = rows.slice((page - 1) * size, page * size);
  return { status: 200, body: rows.length === 0 ? null : entries, total: rows.length };
}

export function created(asked: Asked, id: number | string): Reply {
  return { status: 201, location: `/api/v2.0${asked.path}/${id}` };
}
export const done: Reply = { status: 200 };
