import type { TypeSchema } from "../../../providers/alicloud/schema.js";
import { ACCESS_KEY, activeKeys, encryptedTo, secretOf } from "./access-key.js";
import { CloudError } from "./cloud-error.js";
import { answered, withMadeUp } from "./computed.js";
import { identityOf } from "./identity.js";
import { digest } from "./made-up.js";
import { refuseCreation, refuseDeletion } from "./refusals.js";
import { canonical, type ObjectValue, textOf } from "./value.js";

/** Something that was made in the cloud. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  /** What was asked for. */
  readonly given: ObjectValue;
  /** What the cloud says of it. */
  readonly state: ObjectValue;
}

/** What the cloud is asked to do with a resource. */
export type Verb = "create" | "update" | "delete";

/** Something that fails once, as a cloud fails. */
export interface Fault {
  readonly verb: Verb;
  /** Type of the resource: alicloud_instance. */
  readonly type: string;
  /** Value that one of its arguments has. @default - the first of that type */
  readonly with?: string;
  /** What is there after a creation that failed: nothing, or a resource that was made only half. @default "nothing" */
  readonly leaves?: "nothing" | "half";
}

/** A creation that failed when the resource was there already. */
export class HalfMade extends CloudError {
  constructor(readonly thing: Thing) {
    super("OperationConflict", `${thing.id} did not become ready`);
  }
}

/** A cloud in memory: what was made, and what was asked for. It knows nothing of Terraform. */
export class StandInCloud {
  readonly #things = new Map<string, Thing>();
  readonly #filled = new Set<string>();
  readonly #faults: Fault[] = [];
  /** Ids that were made up so far: none is given a second time, to a thing that comes after another is gone. */
  readonly #givenIds = new Set<string>();

  /** Everything that is there. */
  get things(): readonly Thing[] {
    return [...this.#things.values()];
  }

  /** What is there of one type. */
  of(type: string): readonly Thing[] {
    return this.things.filter((thing) => thing.type === type);
  }

  /** Secrets of the access keys that are good now, by their ids: what the cloud's own services check signatures with. */
  get accessKeys(): Readonly<Record<string, string>> {
    return activeKeys(this.of(ACCESS_KEY));
  }

  /** Lets something fail the next time it is asked for. */
  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** Lets somebody put an object into a bucket. */
  fill(bucket: string): void {
    this.#filled.add(bucket);
  }

  /** Lets somebody delete a thing behind Terraform's back. */
  lose({ type, id }: Thing): void {
    this.#things.delete(key(type, id));
  }

  async create(type: string, schema: TypeSchema, given: ObjectValue, planned: ObjectValue): Promise<ObjectValue> {
    const fault = this.#fault("create", type, given);
    if (fault !== undefined && fault.leaves !== "half") throw failure(type);
    refuseCreation(type, given, this.of(type));
    const seed = digest(type, canonical(given));
    const { id, named } = identityOf(type, planned, seed);
    if (named && this.#things.has(key(type, id))) {
      throw new CloudError("EntityAlreadyExists", `there is a ${type} ${id} already`);
    }
    const ownId = named ? id : this.#freeId(type, id);
    const state = withMadeUp(schema.block, { ...planned, id: ownId }, `${seed}${ownId}`);
    const thing: Thing = { type, id: ownId, given, state: await completed(type, state) };
    this.#things.set(key(type, ownId), thing);
    if (fault !== undefined) throw new HalfMade(thing);
    return thing.state;
  }

  async update(type: string, schema: TypeSchema, given: ObjectValue, planned: ObjectValue): Promise<ObjectValue> {
    if (this.#fault("update", type, given) !== undefined) throw failure(type);
    const { id } = this.#there(type, planned);
    const state = withMadeUp(schema.block, planned, digest(type, id));
    this.#things.set(key(type, id), { type, id, given, state });
    return state;
  }

  async delete(type: string, prior: ObjectValue): Promise<void> {
    if (this.#fault("delete", type, prior) !== undefined) throw failure(type);
    const thing = this.find(type, textOf(prior, "id") ?? "");
    // Gone already: every provider takes that for done.
    if (thing === undefined) return;
    refuseDeletion(thing, this.#things.values(), this.#filled);
    this.#things.delete(key(type, thing.id));
  }

  find(type: string, id: string): Thing | undefined {
    return this.#things.get(key(type, id));
  }

  /** What a data source says. */
  look(type: string, schema: TypeSchema, config: ObjectValue): ObjectValue {
    return answered(schema.block, config, digest(type, canonical(config)));
  }

  #there(type: string, planned: ObjectValue): Thing {
    const id = textOf(planned, "id") ?? "";
    const thing = this.find(type, id);
    if (thing === undefined) throw new CloudError("EntityNotExist", `there is no ${type} ${id}`);
    return thing;
  }

  /** Two resources with the same arguments are two resources. */
  #freeId(type: string, id: string): string {
    for (let count = 0; ; count++) {
      const candidate = count === 0 ? id : `${id}${count}`;
      if (this.#givenIds.has(key(type, candidate))) continue;
      this.#givenIds.add(key(type, candidate));
      return candidate;
    }
  }

  #fault(verb: Verb, type: string, given: ObjectValue): Fault | undefined {
    const index = this.#faults.findIndex(
      (fault) =>
        fault.verb === verb &&
        fault.type === type &&
        (fault.with === undefined || Object.values(given).includes(fault.with)),
    );
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0];
  }
}

function key(type: string, id: string): string {
  return `${type} ${id}`;
}

function failure(type: string): CloudError {
  return new CloudError("InternalError", `the request for ${type} has failed due to some unknown error`);
}

/** The secret half of an access key leaves the provider encrypted to whom it is for, and in no other form. */
async function completed(type: string, state: ObjectValue): Promise<ObjectValue> {
  const recipient = textOf(state, "pgp_key");
  if (type !== ACCESS_KEY || recipient === undefined) return state;
  const secret = secretOf(textOf(state, "id") ?? "");
  return { ...state, encrypted_secret: await encryptedTo(recipient, secret), secret: null };
}
