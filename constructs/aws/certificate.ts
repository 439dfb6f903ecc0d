import { AcmCertificate, type AcmCertificateConfig } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import {
  AcmCertificateValidation,
  type AcmCertificateValidationConfig,
} from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import type { CertificateProps as CommonProps } from "../certificate.js";
import { type Transform, transformed } from "../transform.js";
import { publicZone } from "./public-zone.js";

/** A certificate of ACM. */
export interface CertificateProps extends CommonProps {
  /** Public zone of Route 53 that the name is in: example.com. @default - `existing` is given */
  readonly zone?: string;
  /** Change what is made. @default - as it is */
  readonly transform?: CertificateTransform;
}

/** What of a certificate can be changed before it is made. */
export interface CertificateTransform {
  readonly certificate?: Transform<AcmCertificateConfig>;
  readonly proof?: Transform<Route53RecordConfig>;
  readonly validation?: Transform<AcmCertificateValidationConfig>;
}

/** What a certificate is made of; nothing, when you have one. */
export interface CertificateResources {
  readonly certificate?: AcmCertificate;
  /** Record by which ACM sees that the name is ours. It must stay: ACM looks at it for each renewal. */
  readonly proof?: Route53Record;
  readonly validation?: AcmCertificateValidation;
}

/**
 * A certificate that ACM signs and renews by itself, proved by a record in the public zone. It costs nothing. ACM needs
 * some minutes to see the record; `cdktf deploy` waits for it.
 *
 * @example
 * const certificate = new Certificate(stack, "certificate", {
 *   name: "prod-frankfurt",
 *   hostname: "registry.example.com",
 *   zone: "example.com",
 * });
 * new LoadBalancer(stack, "balancer", { …, tls: "balancer", certificate: certificate.id });
 */
export class Certificate extends Construct {
  readonly resources: CertificateResources;
  /** ARN, known when ACM has signed. */
  readonly id: string;

  /** @throws Problem when there is neither a certificate nor a zone to prove one in */
  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    if (props.existing !== undefined) {
      this.resources = {};
      this.id = props.existing;
      return;
    }
    const certificate = this.request(props);
    const proof = this.prove(certificate, props);
    const validation = this.awaitSignature(certificate, proof, props);
    this.resources = { certificate, proof, validation };
    this.id = validation.certificateArn;
  }

  private request({ name, hostname, tags, transform }: CertificateProps): AcmCertificate {
    const config: AcmCertificateConfig = {
      domainName: hostname,
      validationMethod: "DNS",
      tags: { ...tags, Name: name },
      // The balancer shows the old one until the new one is signed.
      lifecycle: { createBeforeDestroy: true },
    };
    return new AcmCertificate(this, "certificate", transformed(config, transform?.certificate));
  }

  private prove(certificate: AcmCertificate, { hostname, zone, transform }: CertificateProps): Route53Record {
    if (zone === undefined) throw noZone(hostname);
    const wanted = certificate.domainValidationOptions.get(0);
    const config: Route53RecordConfig = {
      zoneId: publicZone(this, zone),
      name: wanted.resourceRecordName,
      type: wanted.resourceRecordType,
      records: [wanted.resourceRecordValue],
      ttl: 300,
      // ACM wants the same record for each certificate of a name in an account: there may be one already.
      allowOverwrite: true,
    };
    return new Route53Record(this, "proof", transformed(config, transform?.proof));
  }

  private awaitSignature(
    { arn: certificateArn }: AcmCertificate,
    { fqdn }: Route53Record,
    { transform }: CertificateProps,
  ): AcmCertificateValidation {
    const config: AcmCertificateValidationConfig = { certificateArn, validationRecordFqdns: [fqdn] };
    return new AcmCertificateValidation(this, "validation", transformed(config, transform?.validation));
  }
}

function noZone(hostname: string): Problem {
  return new Problem({
    code: "certificate/acm-without-dns",
    says: `a certificate of ACM for ${hostname} without a public zone`,
    instead: "zone: the zone of Route 53 that the name is in; or existing: the ARN of a certificate you have",
    source: "ACM: DNS validation",
  });
}
