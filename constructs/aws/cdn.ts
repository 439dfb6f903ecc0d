import {
  CloudfrontCachePolicy,
  type CloudfrontCachePolicyConfig,
} from "@cdktf/provider-aws/lib/cloudfront-cache-policy/index.js";
import {
  CloudfrontDistribution,
  type CloudfrontDistributionConfig,
} from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import { type CdnProps as CommonProps, LAYER_PATHS } from "../cdn.js";
import { recordKind } from "../dns-record.js";
import { type Transform, transformed } from "../transform.js";
import { aliasOf } from "./dns-record.js";
import { publicZone } from "./public-zone.js";

/** CloudFront before the balancer. */
export interface CdnProps extends CommonProps {
  /** ARN of the certificate for the name; CloudFront takes certificates of us-east-1 only. */
  readonly certificate: string;
  /** Public zone of Route 53 that gets a record for the name. @default - you make the record yourself */
  readonly zone?: string;
  /** Change what is made. @default - as it is */
  readonly transform?: CdnTransform;
}

/** What of a distribution can be changed before it is made. */
export interface CdnTransform {
  readonly distribution?: Transform<CloudfrontDistributionConfig>;
  readonly layers?: Transform<CloudfrontCachePolicyConfig>;
  readonly record?: Transform<Route53RecordConfig>;
}

/** What a CDN is made of. */
export interface CdnResources {
  readonly distribution: CloudfrontDistribution;
  /** How layers are kept, if they are. */
  readonly layers?: CloudfrontCachePolicy;
  readonly record?: Route53Record;
}

/**
 * Policies that Amazon keeps for everybody. The second passes on all that a client says, the password too, but for the
 * name it asked for: the origin has another one, and its certificate is for that.
 * Source: CloudFront, managed policies.
 */
const KEEP_NOTHING = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const PASS_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];
const READING = ["GET", "HEAD"];
const YEAR = 31_536_000;

/** Answers that CloudFront would keep for ten seconds. Source: CloudFront, how errors are cached. */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** Seconds that an origin may be silent; for more one has to ask Amazon. */
const LONGEST_SILENCE = 60;

const ORIGIN = "registry";

/**
 * CloudFront for clients far away: they meet Amazon's network near by. Layers are kept near them only when nobody is
 * asked for a password. A push whose commit is silent for more than 60 s fails: push large layers to the registry's own
 * name. CloudFront comes from many addresses that change: the balancer has to let everybody in. It costs by traffic,
 * about 0.09 USD a GB.
 *
 * @example
 * new Cdn(stack, "cdn", {
 *   name: "prod-frankfurt",
 *   hostname: "pull.example.com",
 *   certificate: "arn:aws:acm:us-east-1:123456789012:certificate/…",
 *   origin: "registry.example.com",
 *   zone: "example.com",
 * });
 */
export class Cdn extends Construct {
  readonly resources: CdnResources;
  /** Its host name. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: CdnProps) {
    super(scope, id);
    const layers = props.keepsLayers ? this.createLayerPolicy(props) : undefined;
    const distribution = this.createDistribution(layers, props);
    const record = props.zone === undefined ? undefined : this.createRecord(distribution, props.zone, props);
    this.resources = {
      distribution,
      ...(layers === undefined ? {} : { layers }),
      ...(record === undefined ? {} : { record }),
    };
    this.address = distribution.domainName;
  }

  /**
   * Kept is only what the registry says may be kept. A link to the bucket says nothing and lasts minutes: kept for a
   * day, as CloudFront does by itself, it would lead clients to a refusal.
   */
  private createLayerPolicy({ name, transform }: CdnProps): CloudfrontCachePolicy {
    const nothing = { cookieBehavior: "none" };
    const config: CloudfrontCachePolicyConfig = {
      name: `${name}-layers`,
      comment: "Layers, as long as the registry says",
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: YEAR,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: nothing,
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        // Layers are compressed, and their digest is that of the bytes as they are.
        enableAcceptEncodingGzip: false,
        enableAcceptEncodingBrotli: false,
      },
    };
    return new CloudfrontCachePolicy(this, "layers", transformed(config, transform?.layers));
  }

  private createDistribution(layers: CloudfrontCachePolicy | undefined, props: CdnProps): CloudfrontDistribution {
    const { name, hostname, certificate, origin, port = 443, tags, transform } = props;
    const behavior = {
      targetOriginId: ORIGIN,
      viewerProtocolPolicy: "https-only",
      allowedMethods: ALL_METHODS,
      cachedMethods: READING,
      compress: false,
    };
    const config: CloudfrontDistributionConfig = {
      enabled: true,
      comment: `Registry ${name}`,
      aliases: [hostname],
      httpVersion: "http2",
      isIpv6Enabled: true,
      // A change takes minutes to reach every place of Amazon's, and nothing here depends on it.
      waitForDeployment: false,
      origin: [
        {
          originId: ORIGIN,
          domainName: origin,
          customOriginConfig: {
            originProtocolPolicy: "https-only",
            httpPort: 80,
            httpsPort: port,
            originSslProtocols: ["TLSv1.2"],
            originReadTimeout: LONGEST_SILENCE,
            originKeepaliveTimeout: LONGEST_SILENCE,
          },
        },
      ],
      defaultCacheBehavior: { ...behavior, cachePolicyId: KEEP_NOTHING, originRequestPolicyId: PASS_ALL_BUT_HOST },
      ...(layers === undefined
        ? {}
        : { orderedCacheBehavior: [{ ...behavior, pathPattern: LAYER_PATHS, cachePolicyId: layers.id }] }),
      // "Not there" is true until the push that follows; nobody must hear it for ten seconds more.
      customErrorResponse: KEPT_ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn: certificate,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
      tags: { ...tags, Name: name },
    };
    return new CloudfrontDistribution(this, "distribution", transformed(config, transform?.distribution));
  }

  private createRecord(distribution: CloudfrontDistribution, zone: string, props: CdnProps): Route53Record {
    const { hostname, transform } = props;
    const place = { zoneId: publicZone(this, zone), name: hostname };
    const target = { address: distribution.domainName, hostedZone: distribution.hostedZoneId };
    const config: Route53RecordConfig =
      recordKind(hostname, zone) === "cname"
        ? { ...place, type: "CNAME", ttl: 300, records: [target.address] }
        : { ...place, type: "A", alias: aliasOf(target) };
    return new Route53Record(this, "record", transformed(config, transform?.record));
  }
}
