import { EcsKeyPair } from "@cdktf/provider-alicloud/lib/ecs-key-pair";
import { Instance } from "@cdktf/provider-alicloud/lib/instance";
import { NlbLoadBalancer } from "@cdktf/provider-alicloud/lib/nlb-load-balancer";
import { OssBucket } from "@cdktf/provider-alicloud/lib/oss-bucket";
import { OssBucketVersioningA } from "@cdktf/provider-alicloud/lib/oss-bucket-versioning";
import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { RamAccessKey } from "@cdktf/provider-alicloud/lib/ram-access-key";
import { RamUser } from "@cdktf/provider-alicloud/lib/ram-user";
import { SecurityGroup } from "@cdktf/provider-alicloud/lib/security-group";
import { Vpc } from "@cdktf/provider-alicloud/lib/vpc";
import { Vswitch } from "@cdktf/provider-alicloud/lib/vswitch";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";

/** What a test changes between two runs. */
export interface SampleProps {
  /** @default "ecs.c7.xlarge" */
  readonly size?: string;
  /** @default "cn-hangzhou-h" */
  readonly zone?: string;
  /** @default false */
  readonly protect?: boolean;
  /** OpenPGP public key in base64. @default - no access key */
  readonly recipient?: string;
}

/** A small stack with one of each sort: what names itself, what is named by the cloud, blocks, and references. */
export function sampleStack({ size, zone = "cn-hangzhou-h", protect = false, recipient }: SampleProps = {}): string {
  const stack = new TerraformStack(new App(), "sample");
  new AlicloudProvider(stack, "alicloud", { region: "cn-hangzhou" });
  const vpc = new Vpc(stack, "network", { vpcName: "sample", cidrBlock: "10.20.0.0/16" });
  const subnet = new Vswitch(stack, "subnet", { vpcId: vpc.id, cidrBlock: "10.20.0.0/20", zoneId: zone });
  const group = new SecurityGroup(stack, "group", { securityGroupName: "sample", vpcId: vpc.id });
  const key = new EcsKeyPair(stack, "key", { keyPairName: "sample", publicKey: "ssh-ed25519 AAAA" });
  const hosts = ["node-1", "node-2"].map(
    (name) =>
      new Instance(stack, name, {
        instanceName: name,
        instanceType: size ?? "ecs.c7.xlarge",
        imageId: "sample.vhd",
        vswitchId: subnet.id,
        securityGroups: [group.id],
        keyName: key.id,
        deletionProtection: protect,
      }),
  );
  const balancer = new NlbLoadBalancer(stack, "balancer", {
    addressType: "Intranet",
    vpcId: vpc.id,
    zoneMappings: [{ vswitchId: subnet.id, zoneId: zone }],
  });
  const bucket = new OssBucket(stack, "bucket", { bucket: "sample-images" });
  new OssBucketVersioningA(stack, "versions", { bucket: bucket.id, status: "Enabled" });
  new TerraformOutput(stack, "made", {
    staticId: true,
    value: { nodes: hosts.map((host) => host.id), entry: balancer.dnsName, bucket: bucket.id },
  });
  if (recipient !== undefined) {
    const user = new RamUser(stack, "user", { name: "sample" });
    const accessKey = new RamAccessKey(stack, "access-key", { userName: user.name, pgpKey: recipient });
    new TerraformOutput(stack, "secret", { staticId: true, value: accessKey.encryptedSecret });
  }
  return Testing.synth(stack);
}
