import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region/index.js";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

const ID = "account";

/**
 * The account, region and partition that a stack's provider works in, asked for once in each stack. Names of resources
 * that are not made yet are put together from them.
 */
export class Account extends Construct {
  /** Twelve digits. */
  readonly id: string;
  /** eu-central-1 */
  readonly region: string;
  /** aws, or aws-cn in China. */
  readonly partition: string;
  /** Ends the names of those services that have another name in China: amazonaws.com, amazonaws.com.cn. */
  readonly dnsSuffix: string;

  private constructor(scope: Construct) {
    super(scope, ID);
    this.id = new DataAwsCallerIdentity(this, "caller").accountId;
    this.region = new DataAwsRegion(this, "region").name;
    const partition = new DataAwsPartition(this, "partition");
    this.partition = partition.partition;
    this.dnsSuffix = partition.dnsSuffix;
  }

  /** The one of a construct's stack. */
  static of(scope: Construct): Account {
    const stack = TerraformStack.of(scope);
    const known = stack.node.tryFindChild(ID);
    return known instanceof Account ? known : new Account(stack);
  }

  /**
   * The ARN of something in this account and region.
   * @example Account.of(this).arn("logs", "log-group:/harborwright/*")
   */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.id}:${resource}`;
  }
}
