/** One right, or one refusal, as Alibaba Cloud's RAM and the policies of its services spell it. */
export interface PolicyStatement {
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Actions: oss:GetObject. */
  readonly actions: readonly string[];
  /** Names of resources: acs:oss:*:*:bucket/folder/*. */
  readonly resources: readonly string[];
  /** Whom it is about; in policies of a resource only. */
  readonly principals?: readonly string[];
  /** Operator, key, values: `{ Bool: { "acs:SecureTransport": ["false"] } }`. @default - always */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A policy as RAM and OSS take it. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  const spelt = statements.map(({ effect = "Allow", actions, resources, principals, condition }) => ({
    Effect: effect,
    ...(principals === undefined ? {} : { Principal: principals }),
    Action: actions,
    Resource: resources,
    ...(condition === undefined ? {} : { Condition: condition }),
  }));
  return JSON.stringify({ Version: "1", Statement: spelt });
}

/** Who may take a role: one of the cloud's services, actiontrail.aliyuncs.com. */
export function serviceTrust(service: string): string {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: [service] } };
  return JSON.stringify({ Version: "1", Statement: [statement] });
}
