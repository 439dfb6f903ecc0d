import type { Secret } from "../../spec/secret.js";
import { type DataNode, type DataServicesContext, REDIS_MASTER_SET } from "../data-context.js";
import { DATA_PATHS, DATA_RUN } from "../data-layout.js";
import { sha256 } from "../digest.js";

/** What the files of Redis and Sentinel say. */
export interface RedisView {
  readonly address: string;
  readonly port: number;
  readonly sentinelPort: number;
  readonly masterSet: string;
  /** Sentinels that must agree. */
  readonly quorum: number;
  readonly firstNode: string;
  readonly otherNodes: readonly string[];
  /** Bytes of the data; copies for a replica and for a rewritten log come on top. */
  readonly maxMemory: number;
  /** Bytes of the service. */
  readonly memory: number;
  readonly run: {
    readonly redis: string;
    readonly redisFolder: string;
    readonly redisConfig: string;
    readonly sentinel: string;
    readonly sentinelFolder: string;
    readonly sentinelConfig: string;
  };
  readonly paths: typeof DATA_PATHS;
}

/** Redis with its passwords, for the configuration files only. */
export interface RedisSecretsView extends RedisView {
  readonly password: Secret;
  readonly sentinelPassword: Secret;
  /** Of a random password that cannot be guessed, so this says nothing about it. */
  readonly sentinelPasswordDigest: string;
  /** The same for a node that takes the place of a lost one: sentinels never forget each other. */
  readonly sentinelId: string;
}

export function redisView({ nodes, settings }: DataServicesContext, node: DataNode): RedisView {
  return {
    address: node.address,
    port: settings.ports.redis,
    sentinelPort: settings.ports.sentinel,
    masterSet: REDIS_MASTER_SET,
    quorum: Math.floor(nodes.length / 2) + 1,
    firstNode: nodes[0]?.address ?? node.address,
    otherNodes: nodes.filter(({ name }) => name !== node.name).map(({ address }) => address),
    maxMemory: Math.floor((settings.memory.redis * 3) / 4),
    memory: settings.memory.redis,
    run: {
      redis: DATA_RUN.redis,
      redisFolder: `/run/${DATA_RUN.redis}`,
      redisConfig: `/run/${DATA_RUN.redis}/redis.conf`,
      sentinel: DATA_RUN.sentinel,
      sentinelFolder: `/run/${DATA_RUN.sentinel}`,
      sentinelConfig: `/run/${DATA_RUN.sentinel}/sentinel.conf`,
    },
    paths: DATA_PATHS,
  };
}

export function redisSecretsView(context: DataServicesContext, node: DataNode): RedisSecretsView {
  const { redisPassword, sentinelPassword } = context.secrets;
  return {
    ...redisView(context, node),
    password: redisPassword,
    sentinelPassword,
    sentinelPasswordDigest: sha256(sentinelPassword.reveal()),
    sentinelId: sha256(`${context.environment}/${node.name}`).slice(0, 40),
  };
}
