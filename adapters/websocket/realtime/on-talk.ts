import { z } from 'zod';
import { Channel } from '#domain/realtime/channel.ts';
import { REFUSAL, type Refusal } from '../codes.ts';
import type { Requested } from '../commands.ts';
import type { Connection } from '../connection.ts';
import type { Desk } from '../desk.ts';

/** Whoever is writing need not be told of more often; who sees it forgets it after five seconds. */
const TYPING_MS = 2_000;

export const Typing = z.strictObject({ type: z.literal('typing') });
export const TypingIn = z.strictObject({ type: z.literal('typing'), channel: z.string().max(128) });
export const Read = z.strictObject({ channel: z.string().max(128), seq: z.int().min(0) });

/** All that a client may publish itself is that somebody is writing. Everything else is announced by what was committed. */
export async function onPublish(desk: Desk, connection: Connection, id: number, { channel, data }: Requested<'publish'>): Promise<void> {
  const refusal = refusalToTalk(connection, channel) ?? (Typing.safeParse(data).success ? undefined : REFUSAL.badRequest);
  if (refusal) return connection.refuse(id, refusal);
  await type(desk, connection, channel);
  connection.reply(id, 'publish', {});
}

/** The same without an answer. */
export async function onSend(desk: Desk, connection: Connection, { data }: Requested<'send'>): Promise<void> {
  const typing = TypingIn.safeParse(data);
  if (typing.success && !refusalToTalk(connection, typing.data.channel)) await type(desk, connection, typing.data.channel);
}

export async function onRpc(desk: Desk, connection: Connection, id: number, { method, data }: Requested<'rpc'>): Promise<void> {
  if (method !== 'read') return connection.refuse(id, REFUSAL.methodNotFound);
  const read = Read.safeParse(data);
  if (!read.success) return connection.refuse(id, REFUSAL.badRequest);
  const { channel: name, seq } = read.data;
  const refusal = refusalToTalk(connection, name);
  if (refusal) return connection.refuse(id, refusal);
  const channel = Channel.parse(name);
  if (channel?.kind === 'chat' && connection.viewer?.kind === 'account') await desk.conversations.markRead(channel.threadId, connection.viewer, seq);
  await tell(desk, name, 'chat.message_read', { channel: name, accountId: connection.userId, seq });
  connection.reply(id, 'rpc', { data: {} });
}

async function type(desk: Desk, connection: Connection, channel: string): Promise<void> {
  const now = desk.now();
  if (now - (connection.typedAt.get(channel) ?? Number.NEGATIVE_INFINITY) < TYPING_MS) return;
  connection.typedAt.set(channel, now);
  await tell(desk, channel, 'chat.typing', { channel, accountId: connection.userId });
}

/** For those who are there: it is kept nowhere. */
const tell = ({ broker, now }: Desk, channel: string, type: 'chat.typing' | 'chat.message_read', data: object): Promise<void> =>
  broker.signal(channel, JSON.stringify({ pub: { data: { id: crypto.randomUUID(), type, at: new Date(now()).toISOString(), data } } }));

function refusalToTalk(connection: Connection, name: string): Refusal | undefined {
  const channel = Channel.parse(name);
  const mayTalk = connection.userId !== '' && connection.subscriptions.has(name) && channel !== undefined && Channel.isConversation(channel);
  return mayTalk ? undefined : REFUSAL.permissionDenied;
}
