import { AlidnsRecord } from "@cdktf/provider-alicloud/lib/alidns-record/index.js";
import { CdnDomainConfig, type CdnDomainConfigConfig } from "@cdktf/provider-alicloud/lib/cdn-domain-config/index.js";
import { CdnDomainNew, type CdnDomainNewConfig } from "@cdktf/provider-alicloud/lib/cdn-domain-new/index.js";
import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import type { CdnProps as CommonCdnProps } from "../cdn.js";
import { labelIn } from "../dns-record.js";
import { type Transform, transformed } from "../transform.js";

/** Alibaba Cloud CDN before the balancer. */
export interface CdnProps extends CommonCdnProps {
  /** Public zone of Alibaba Cloud DNS that the name is in. @default - you make the record yourself */
  readonly zone?: string;
  /** Where clients are served from; see {@link cdnScope}. @default "domestic" */
  readonly scope?: CdnScope;
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly domain?: Transform<CdnDomainNewConfig>;
    /** Gets each function by its name: path_based_ttl_set. */
    readonly settings?: Transform<CdnDomainConfigConfig>;
  };
}

/** The Chinese mainland, all but it, or both. Where the mainland is in it, the name needs an ICP filing. */
export type CdnScope = "domestic" | "overseas" | "global";

/** The side of the Chinese border that a region is on: its CDN needs no more filings than the registry itself. */
export function cdnScope(region: string): CdnScope {
  return region.startsWith("cn-") && region !== "cn-hongkong" ? "domestic" : "overseas";
}

/** The only port with TLS that the CDN fetches from. */
const ORIGIN_PORT = 443;
/** Seconds that an origin may be silent: as a front may be in a push. The cloud allows 900. */
const ORIGIN_TIMEOUT = "350";
/** Ids of the certificate service: a number, and the region that it is kept in. */
const CERTIFICATE = /^(\d+)-([a-z]{2}-[a-z0-9-]+)$/;

/**
 * A CDN that fetches from the registry over TLS. It keeps nothing, unless everybody may pull without a password: then it
 * keeps what the registry itself calls unchangeable for a year, which are layers and nothing else.
 *
 * The cloud wants to see once that the name is yours: by a TXT record that its console shows.
 * @example
 * new Cdn(this, "cdn", {
 *   name: "prod-hangzhou",
 *   hostname: "cdn.example.com",
 *   certificate: "12345678-cn-hangzhou",
 *   origin: "registry.example.com",
 *   zone: "example.com",
 * });
 */
export class Cdn extends Construct {
  readonly resources: {
    readonly domain: CdnDomainNew;
    /** By name of the function. */
    readonly settings: ReadonlyMap<string, CdnDomainConfig>;
    readonly record: AlidnsRecord | undefined;
  };
  /** Name that the registry's name in the CDN is to be an alias of. */
  readonly address: string;

  /** @throws Problem `cdn/port`, `cdn/certificate` */
  constructor(scope: Construct, id: string, props: CdnProps) {
    super(scope, id);
    requireOriginPort(props);
    const domain = this.createDomain(props);
    const settings = new Map(
      Object.entries(settingsOf(props)).map(([name, values]) => [
        name,
        this.createSetting(name, values, domain, props),
      ]),
    );
    this.address = domain.cname;
    this.resources = { domain, settings, record: this.createRecord(domain, props) };
  }

  private createDomain(props: CdnProps): CdnDomainNew {
    const { hostname, origin, certificate, scope = "domestic", tags = {}, transform } = props;
    const config: CdnDomainNewConfig = {
      domainName: hostname,
      cdnType: "download",
      scope,
      sources: [{ type: "domain", content: origin, port: ORIGIN_PORT, priority: 20, weight: 10 }],
      certificateConfig: { certType: "cas", ...certificateParts(certificate), serverCertificateStatus: "on" },
      tags,
    };
    return new CdnDomainNew(this, "domain", transformed(config, transform?.domain));
  }

  private createSetting(
    functionName: string,
    values: Readonly<Record<string, string>>,
    domain: CdnDomainNew,
    { transform }: CdnProps,
  ): CdnDomainConfig {
    const config: CdnDomainConfigConfig = {
      domainName: domain.domainName,
      functionName,
      functionArgs: Object.entries(values).map(([argName, argValue]) => ({ argName, argValue })),
    };
    return new CdnDomainConfig(this, functionName, transformed(config, transform?.settings));
  }

  private createRecord(domain: CdnDomainNew, { hostname, zone, name }: CdnProps): AlidnsRecord | undefined {
    if (zone === undefined || !hostname.endsWith(`.${zone}`)) return undefined;
    return new AlidnsRecord(this, "alias", {
      domainName: zone,
      rr: labelIn(hostname, zone),
      type: "CNAME",
      value: domain.cname,
      ttl: 600,
      remark: name,
    });
  }
}

/** Functions of the CDN with their arguments, as its API names them. */
function settingsOf({ origin, keepsLayers = false }: CdnProps): Record<string, Record<string, string>> {
  return {
    set_req_host_header: { domain_name: origin },
    forward_scheme: { enable: "on", scheme_origin: "https", scheme_origin_port: String(ORIGIN_PORT) },
    https_origin_sni: { enabled: "on", https_origin_sni: origin },
    forward_timeout: { forward_timeout: ORIGIN_TIMEOUT },
    // 308 leaves a POST a POST.
    https_force: { enable: "on", https_rewrite: "308" },
    https_tls_version: { tls10: "off", tls11: "off", tls12: "on", tls13: "on" },
    path_based_ttl_set: {
      path: "/",
      ttl: "0",
      weight: "99",
      // Of all answers of a registry only those with a layer say how long they may be kept.
      swift_origin_cache_high: keepsLayers ? "on" : "off",
    },
  };
}

function requireOriginPort({ port = ORIGIN_PORT }: CdnProps): void {
  if (port === ORIGIN_PORT) return;
  throw new Problem({
    code: "cdn/port",
    says: `a CDN before a registry on port ${port}`,
    instead: `ports: { https: ${ORIGIN_PORT} }, or no cdn`,
    field: "registry.ports.https",
    source: "alicloud_cdn_domain_new: sources.port is 80 or 443",
  });
}

function certificateParts(certificate: string): { certId: string; certRegion: string } {
  const [, certId, certRegion] = CERTIFICATE.exec(certificate) ?? [];
  if (certId !== undefined && certRegion !== undefined) return { certId, certRegion };
  throw new Problem({
    code: "cdn/certificate",
    says: `${certificate} is no id of a certificate`,
    instead: "the number of the certificate and its region: 12345678-cn-hangzhou, or 12345678-ap-southeast-1",
    field: "sites[].cdn.certificate",
    source: "Alibaba Cloud, SetCdnDomainSSLCertificate: CertId, CertRegion",
  });
}
