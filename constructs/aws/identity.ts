import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRole, type IamRoleConfig } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { IdentityProps as Vocabulary } from "../identity.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { policy, roleOf, type Statement } from "./policy.js";

export interface IdentityProps extends Vocabulary {
  /**
   * Let operators reach the machine with a session of AWS Systems Manager, without any open port. The machine must run
   * its agent.
   * @default false
   */
  readonly sessions?: boolean;
  /** Change the role before it is made. @default - as it is */
  readonly transform?: { readonly role?: Transform<IamRoleConfig> };
}

/** What a machine may do. */
export interface Rights {
  /** s3:GetObject */
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** When the right counts, in IAM's own words. @default - always */
  readonly when?: Statement["Condition"];
}

/** The longest name of a role. */
const LONGEST_ROLE_NAME = 64;

/**
 * What the agent of Systems Manager needs to open a session. AWS's own policy AmazonSSMManagedInstanceCore has more: with
 * it a machine reads every parameter of the account, passwords of others among them. None of these can be narrowed to a
 * resource.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
 */
const SESSIONS: Rights = {
  actions: [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  resources: ["*"],
};

/**
 * A role for machines, and the instance profile that gives it to them: the registry gets its rights without any key. It
 * starts with no right at all. Free of charge.
 * @example
 * const identity = new Identity(this, "identity", { name: "prod-frankfurt", description: "nodes of prod" });
 * store.grantRegistry(identity, { prefix: "/registry" });
 */
export class Identity extends Construct {
  readonly roleArn: string;
  /** Name of the instance profile. */
  readonly profile: string;
  /** Change what is inside where no prop does. */
  readonly resources: { readonly role: IamRole; readonly profile: IamInstanceProfile };

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const role = new IamRole(this, "role", transformed(this.configOf(props), props.transform?.role));
    const profile = new IamInstanceProfile(this, "profile", {
      name: fitName(`${props.name}-machines`, LONGEST_ROLE_NAME),
      role: role.name,
      ...tagsOf(props),
    });
    this.resources = { role, profile };
    this.roleArn = role.arn;
    this.profile = profile.name;
    if (props.sessions) this.allow("sessions", SESSIONS);
  }

  /**
   * Gives one more right.
   * @param id - what it is for; stable, as it names the policy
   */
  allow(id: string, rights: Rights | readonly Rights[]): void {
    const all: readonly Rights[] = "actions" in rights ? [rights] : rights;
    new IamRolePolicy(this, id, {
      name: id,
      role: this.resources.role.id,
      policy: policy(all.map(statementOf)),
    });
  }

  private configOf(props: IdentityProps): IamRoleConfig {
    return {
      name: fitName(`${props.name}-machines`, LONGEST_ROLE_NAME),
      description: props.description,
      assumeRolePolicy: roleOf(`ec2.${Account.of(this).dnsSuffix}`),
      ...tagsOf(props),
    };
  }
}

function statementOf({ actions, resources, when }: Rights, index: number): Statement {
  return {
    Sid: `Right${index + 1}`,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(when === undefined ? {} : { Condition: when }),
  };
}

function tagsOf({ tags }: IdentityProps) {
  return tags === undefined ? {} : { tags };
}
