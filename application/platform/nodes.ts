export const NODE_ROLES = ['all', 'web', 'worker'] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

/** How busy a process is. */
export type NodeLoad = { readonly eventLoopLagMs: number; readonly cpuPercent: number; readonly memoryMb: number };

/** A process of the installation. */
export type Node = {
  readonly id: string;
  readonly role: NodeRole;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly hasRedis: boolean;
  readonly startedAt: number;
  readonly load: NodeLoad;
};
export type LiveNode = Node & { readonly seenAt: number };

/** How often a process says that it lives, and after how long without a word it counts as lost. */
export const BEAT_MS = 5_000;
export const LOST_MS = 15_000;

export type Nodes = {
  beat(node: Node): Promise<void>;
  leave(id: string): Promise<void>;
  /** Those that are not lost, the oldest first. */
  alive(): Promise<readonly LiveNode[]>;
};

export type LostNodes = {
  /** Forgets those that are lost, and says which they were. */
  sweep(): Promise<readonly LiveNode[]>;
};
