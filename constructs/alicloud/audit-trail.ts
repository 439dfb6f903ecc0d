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
import { type PolicyStatement, policyDocument, serviceTrust } from "./ram-policy-document.js";

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

/**
 * What ActionTrail does in a project: it makes a store with an index and dashboards, and writes to it.
 * @see the policy of its own default role, AliyunActionTrailRolePolicy
 */
function writing(project: string, store: string): PolicyStatement[] {
  const root = `acs:log:*:*:project/${project}`;
  const onStore = ["PostLogStoreLogs", "CreateLogstore", "GetLogstore", "CreateIndex", "UpdateIndex", "GetIndex"];
  return [
    { actions: ["log:GetProject"], resources: [root] },
    { actions: onStore.map((action) => `log:${action}`), resources: [`${root}/logstore/${store}`] },
    { actions: ["log:CreateDashboard", "log:UpdateDashboard"], resources: [`${root}/dashboard/*`] },
    { actions: ["log:CreateSavedSearch", "log:UpdateSavedSearch"], resources: [`${root}/savedsearch/*`] },
  ];
}

/**
 * Who read and changed what in the account, in all regions and by all services, written to Simple Log Service. A machine
 * of the site has no right that reaches it. ActionTrail itself costs nothing.
 *
 * It makes the store itself, lets nobody else write there, and decides how long that keeps events; another time is set
 * in the console of Simple Log Service.
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
    const role = this.createRole();
    const right = this.allowToWrite(role, `actiontrail_${trailName}`);
    const config: ActiontrailTrailConfig = {
      trailName,
      trailRegion: "All",
      eventRw: "All",
      status: "Enable",
      slsProjectArn: `acs:log:${props.region}:${accountOf(role)}:project/${props.logs.project}`,
      slsWriteRoleArn: role.arn,
      // It tries to write before it accepts them.
      dependsOn: [right],
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

  private allowToWrite(role: RamRole, store: string): RamRolePolicyAttachment {
    const { name, logs, tags } = this.props;
    const policy = new RamPolicy(this, "write", {
      policyName: fitName(`${name}-audit`, LONGEST_POLICY_NAME),
      policyDocument: policyDocument(writing(logs.project, store)),
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
