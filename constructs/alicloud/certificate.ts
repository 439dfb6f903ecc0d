import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import type { CertificateProps as CommonCertificateProps } from "../certificate.js";

/** A certificate in Alibaba Cloud's certificate service. */
export interface CertificateProps extends CommonCertificateProps {
  /** Public zone of the name; the service takes no proof by Terraform, so it has no effect here. @default - none */
  readonly zone?: string;
}

/** Ids of the certificate service: a number, and the region it is kept in. */
const WITH_REGION = /^\d+-[a-z]{2}-[a-z0-9-]+$/;

/**
 * A certificate that you bought from or uploaded to the certificate service (SSL Certificates Service). None is made
 * here: an upload would put the private key into Terraform's state, and what the service sells is bought by hand.
 * @example new Certificate(this, "certificate", { name, hostname: "registry.example.com", existing: "12345678-cn-hangzhou" })
 */
export class Certificate extends Construct {
  /** As the balancer's listeners take it: 12345678-cn-hangzhou. */
  readonly id: string;

  /** @throws Problem `certificate/none-of-alicloud`, `certificate/id-without-region` */
  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    this.id = requireExisting(props);
  }
}

function requireExisting({ existing, hostname }: CertificateProps): string {
  if (existing === undefined) {
    throw new Problem({
      code: "certificate/none-of-alicloud",
      says: `no certificate of Alibaba Cloud for ${hostname}`,
      instead: "upload or buy one in the certificate service and give its id: 12345678-cn-hangzhou",
      field: "sites[].certificate.id",
      source: "alicloud_ssl_certificates_service_certificate keeps the private key in Terraform's state",
    });
  }
  if (WITH_REGION.test(existing)) return existing;
  throw new Problem({
    code: "certificate/id-without-region",
    says: `${existing} is no id that a balancer takes`,
    instead: "the number of the certificate and its region: 12345678-cn-hangzhou, or 12345678-ap-southeast-1",
    field: "sites[].certificate.id",
    source: "Alibaba Cloud, CreateListener of NLB and ALB: CertificateIds",
  });
}
