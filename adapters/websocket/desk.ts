import type { MayFollow } from '#application/realtime/may-follow.ts';
import { BrokerAway, type Member, type RealtimeDeps } from '#application/realtime/ports.ts';
import { Channel } from '#domain/realtime/channel.ts';
import type { Connection } from './connection.ts';
import type { Crowd } from './crowd.ts';
import type { Hub } from './hub.ts';

export const PING_SECONDS = 25;
export const CHANNELS_MAX = 128;

/** What a command may need to be answered. */
export type Desk = Pick<RealtimeDeps, 'broker' | 'presence' | 'passports' | 'conversations'> & {
  readonly hub: Hub;
  readonly crowd: Crowd;
  readonly mayFollow: MayFollow;
  readonly node: string;
  readonly version: string;
  readonly userMax: number;
  /** Grows with every commit that may have changed what somebody may do. */
  revision(): number;
  recheck(connection: Connection): void;
  now(): number;
};

type Visible = Pick<Desk, 'presence' | 'broker'>;

/** Lets others see that a client follows. What the broker could not be told now, it is told when presence is kept up. */
export async function enter({ presence, broker }: Visible, connection: Connection, channel: string): Promise<void> {
  if (!isSeen(connection, channel)) return;
  const member = memberOf(connection);
  await bestEffort(async () => {
    if (await presence.enter(channel, member)) await broker.signal(channel, JSON.stringify({ join: { info: infoOf(member) } }));
    if (connection.isClosed) await presence.leave(channel, member);
  });
}

/** What is true once a client follows no more: it is not seated, and others see it gone. */
export async function leave({ hub, presence, broker }: Visible & Pick<Desk, 'hub'>, connection: Connection, channel: string): Promise<void> {
  if (!connection.subscriptions.delete(channel)) return;
  hub.unseat(connection, channel);
  connection.typedAt.delete(channel);
  if (!isSeen(connection, channel)) return;
  const member = memberOf(connection);
  await bestEffort(async () => {
    if (await presence.leave(channel, member)) await broker.signal(channel, leftOf(member));
  });
}

export const leftOf = (member: Member): string => JSON.stringify({ leave: { info: infoOf(member) } });

async function bestEffort(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BrokerAway)) throw error;
  }
}

/** Whether others see that a client follows a channel: people are seen, in channels for that. */
export function isSeen({ userId }: Connection, name: string): boolean {
  const channel = Channel.parse(name);
  return userId !== '' && channel !== undefined && Channel.hasPresence(channel);
}

export const memberOf = ({ id, userId }: Connection) => ({ clientId: id, userId });
export const infoOf = ({ clientId, userId }: Member) => ({ client: clientId, user: userId });

/** In how many seconds the client should show a new token, so that it comes before the old one expires. */
export function ttlOf(expiresAt: number, now: number): number {
  const left = (expiresAt - now) / 1_000;
  return Math.max(1, Math.floor(left - Math.min(30, left / 5)));
}
