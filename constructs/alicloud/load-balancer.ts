import { Construct } from "constructs";
import type { SiteHost } from "../hosts.js";
import { ApplicationBalancer, type ApplicationBalancerTransform } from "./application-balancer.js";
import type { Balancer, BalancerMetrics, BalancerSite } from "./balancer.js";
import { ClassicBalancer, type ClassicBalancerTransform } from "./classic-balancer.js";
import { NetworkBalancer, type NetworkBalancerTransform } from "./network-balancer.js";

/** A balancer of Alibaba Cloud before the nodes. */
export interface LoadBalancerProps extends BalancerSite {
  /**
   * Blocks that may connect to a classic balancer, which takes a list of its own; before the others stands a security
   * group.
   * @default - everybody
   */
  readonly clients?: readonly string[];
  /** Changes to what is made, for each kind. @default - as it is */
  readonly transform?: {
    readonly nlb?: NetworkBalancerTransform;
    readonly clb?: ClassicBalancerTransform;
    readonly alb?: ApplicationBalancerTransform;
  };
}

/** The balancer that was made, by its kind. */
export type BalancerOfKind = NetworkBalancer | ClassicBalancer | ApplicationBalancer;

/**
 * Where clients come in. An NLB passes TLS through to the nodes, or ends it and begins it anew; a CLB passes it through;
 * an ALB reads requests. All ask the front of each node after its health, so that a drained node gets no new client.
 *
 * The fixed price of an NLB or ALB is that of a small machine; what it carries is paid by use.
 * @example
 * const entry = new LoadBalancer(this, "entry", {
 *   name: "prod-hangzhou",
 *   kind: "nlb",
 *   network,
 *   groups,
 *   zones: network.zones,
 *   statusPort: 8081,
 * });
 * for (const host of hosts.hosts) entry.addHost(host);
 */
export class LoadBalancer extends Construct implements Balancer {
  /** The inner balancer with its own `resources`. */
  readonly resources: BalancerOfKind;

  /**
   * @throws Problem `load-balancer/needs-two-zones`, `load-balancer/without-certificate`,
   * `load-balancer/clb-cannot-encrypt`, `load-balancer/upload-timeout-too-long`
   */
  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    this.resources = this.createBalancer(props);
  }

  get address(): string {
    return this.resources.address;
  }

  get addresses(): ReadonlyMap<string, string> {
    return this.resources.addresses;
  }

  get metrics(): BalancerMetrics {
    return this.resources.metrics;
  }

  addHost(host: SiteHost): void {
    this.resources.addHost(host);
  }

  private createBalancer({ transform, ...props }: LoadBalancerProps): BalancerOfKind {
    switch (props.kind) {
      case "nlb":
        return new NetworkBalancer(this, "nlb", { ...props, ...(transform?.nlb && { transform: transform.nlb }) });
      case "clb":
        return new ClassicBalancer(this, "clb", { ...props, ...(transform?.clb && { transform: transform.clb }) });
      case "alb":
        return new ApplicationBalancer(this, "alb", { ...props, ...(transform?.alb && { transform: transform.alb }) });
    }
  }
}
