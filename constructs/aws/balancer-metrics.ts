/** Where CloudWatch counts the healthy and the unhealthy nodes behind a balancer. */
export interface BalancerMetrics {
  /** AWS/NetworkELB or AWS/ApplicationELB. */
  readonly namespace: string;
  /** LoadBalancer and TargetGroup, by the last parts of their ARNs. */
  readonly dimensions: { readonly LoadBalancer: string; readonly TargetGroup: string };
}

/** A balancer as alarms need it. */
export interface WatchedBalancer {
  readonly metrics: BalancerMetrics;
}
