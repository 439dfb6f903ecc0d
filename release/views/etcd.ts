import type { DataNode, DataServicesContext } from "../data-context.js";
import { DATA_PATHS, DATA_RUN, type RunFolder, runFolder } from "../data-layout.js";

/** What the files of etcd say. */
export interface EtcdView {
  readonly name: string;
  /** Name of the cluster, unlike that of any other environment. */
  readonly scope: string;
  /** `node-1=https://10.0.0.1:2380,…` */
  readonly initialCluster: string;
  readonly peerUrl: string;
  readonly clientUrl: string;
  /** Bytes. */
  readonly memory: number;
  readonly run: RunFolder & { readonly config: string };
  readonly paths: typeof DATA_PATHS;
}

export function etcdView({ environment, nodes, settings }: DataServicesContext, node: DataNode): EtcdView {
  const { etcd, etcdPeer } = settings.ports;
  const run = runFolder(DATA_RUN.etcd);
  return {
    name: node.name,
    scope: dataScope(environment),
    initialCluster: nodes.map(({ name, address }) => `${name}=https://${address}:${etcdPeer}`).join(","),
    peerUrl: `https://${node.address}:${etcdPeer}`,
    clientUrl: `https://${node.address}:${etcd}`,
    memory: settings.memory.etcd,
    run: { ...run, config: `${run.folder}/etcd.yml` },
    paths: DATA_PATHS,
  };
}

/** What etcd and Patroni call the cluster of an environment. */
export function dataScope(environment: string): string {
  return `harborwright-${environment}`;
}
