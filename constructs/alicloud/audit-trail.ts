import { ActiontrailTrail, type ActiontrailTrailConfig } from "@cdktf/provider-alicloud/lib/actiontrail-trail";
import { RamPolicy } from "@cdktf/provider-alicloud/lib/ram-policy";
import { RamRole } from "@cdktf/provider-alicloud/lib/ram-role";
import { RamRolePolicyAttachment } from "@cdktf/provider-alicloud/lib/ram-role-policy-attachment";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { AuditTrailProps as CommonProps } from "../audit-trail.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import type { Logs } from "./logs.js";
import { policyDocument, serviceTrust } from "./ram-policy-document.js";

/** A trail of ActionTrail. */
export interface AuditTrailProps extends CommonProps {
  /** Where it writes. */
  readonly logs: Logs;
  /** Region of the logs: cn-hangzhou. */
  readonly region: string;
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly trail?: Transform<ActiontrailTrailConfig> };
}

/** ActionTrail takes 6 to 36 characters; "audit-" at the front makes any name long enough. */
const LONGEST_TRAIL_NAME = 36;
const LONGEST_ROLE_NAME = 64;
const LONGEST_POLICY_NAME = 128;

/** What ActionTrail does in a project: it makes a store with an index and a dashboard, and writes to it. */
const WRITER_ACTIONS = [
  "log:GetLogStore",
  "log:CreateLogStore",
  "log:PostLogStoreLogs",
  "log:GetIndex",
  "log:CreateIndex",
  "log:UpdateIndex",
  "log:CreateDashboard",
  "log:UpdateDashboard",
  "log:CreateSavedSearch",
  "log:UpdateSavedSearch",
];

/**
 * Who read and changed what in the account, in all regions and by all services, written to Simple Log Service. A machine
 * of the site has no right that reaches it. ActionTrail itself costs nothing.
 * @example new AuditTrail(this, "audit", { name: "prod-hangzhou", logs, region: "cn-hangzhou" });
 */
export class AuditTrail extends Construct {
  readonly resources: { readonly trail: ActiontrailTrail; readonly role: RamRole };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuditTrailProps,
  ) {
    super(scope, id);
    const trailName = fitName(`audit-${props.name}`, LONGEST_TRAIL_NAME);
    // ActionTrail writes to a store of this name. Where there is none it makes one, and decides how long it keeps.
    const store = props.logs.store("audit", `actiontrail_${trailName}`);
    const role = this.createRole();
    const right = this.allowToWrite(role);
    const config: ActiontrailTrailConfig = {
      trailName,
      trailRegion: "All",
      eventRw: "All",
      status: "Enable",
      slsProjectArn: `acs:log:${props.region}:${accountOf(role)}:project/${props.logs.project}`,
      slsWriteRoleArn: role.arn,
      // It tries to write before it accepts them.
      dependsOn: [store, right],
    };
    const trail = new ActiontrailTrail(this, "trail", transformed(config, props.transform?.trail));
    this.resources = { trail, role };
  }

  private createRole(): RamRole {
    const { name, tags } = this.props;
    return new RamRole(this, "writer", {
      roleName: fitName(`${name}-audit`, LONGEST_ROLE_NAME),
      description: "ActionTrail writes to the log project of the site",
      assumeRolePolicyDocument: serviceTrust("actiontrail.aliyuncs.com"),
      ...(tags === undefined ? {} : { tags }),
    });
  }

  private allowToWrite(role: RamRole): RamRolePolicyAttachment {
    const { name, logs, tags } = this.props;
    const project = `acs:log:*:*:project/${logs.project}`;
    const policy = new RamPolicy(this, "write", {
      policyName: fitName(`${name}-audit`, LONGEST_POLICY_NAME),
      policyDocument: policyDocument([{ actions: WRITER_ACTIONS, resources: [project, `${project}/*`] }]),
      rotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded",
      ...(tags === undefined ? {} : { tags }),
    });
    return new RamRolePolicyAttachment(this, "write-of-writer", {
      policyName: policy.policyName,
      policyType: "Custom",
      roleName: role.roleName,
    });
  }
}

/**
 * Number of the account. The name of a role carries it (acs:ram::1234567890123456:role/name), so that a plan need not ask
 * the cloud who it is.
 */
function accountOf(role: RamRole): string {
  return Fn.element(Fn.split(":", role.arn), 3);
}
