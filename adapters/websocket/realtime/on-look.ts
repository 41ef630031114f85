import { REFUSAL } from '../codes.ts';
import type { Requested } from '../commands.ts';
import type { Connection } from '../connection.ts';
import { type Desk, infoOf, isSeen } from '../desk.ts';

const PAGE_MAX = 300;

/** What a channel still has. Without a limit, nothing but where it stands. */
export async function onHistory({ broker }: Desk, connection: Connection, id: number, request: Requested<'history'>): Promise<void> {
  const { channel, limit, reverse, since } = request;
  if (!connection.subscriptions.has(channel)) return connection.refuse(id, REFUSAL.permissionDenied);
  const asked = { limit: limit < 0 ? PAGE_MAX : limit, isReverse: reverse, ...(since && { since }) };
  const { position, publications } = await broker.page(channel, asked);
  if (since && since.epoch !== '' && since.epoch !== position.epoch) return connection.refuse(id, REFUSAL.unrecoverablePosition);
  connection.reply(id, 'history', {
    ...position,
    publications: publications.map(({ offset, data }) => ({ data: JSON.parse(data) as unknown, offset })),
  });
}

export async function onPresence({ presence }: Desk, connection: Connection, id: number, { channel }: Requested<'presence'>): Promise<void> {
  const refusal = refusalToLook(connection, channel);
  if (refusal) return connection.refuse(id, refusal);
  const members = await presence.members(channel);
  connection.reply(id, 'presence', { presence: Object.fromEntries(members.map((member) => [member.clientId, infoOf(member)])) });
}

export async function onPresenceStats(
  { presence }: Desk,
  connection: Connection,
  id: number,
  { channel }: Requested<'presence_stats'>,
): Promise<void> {
  const refusal = refusalToLook(connection, channel);
  if (refusal) return connection.refuse(id, refusal);
  const members = await presence.members(channel);
  connection.reply(id, 'presence_stats', { num_clients: members.length, num_users: new Set(members.map(({ userId }) => userId)).size });
}

function refusalToLook(connection: Connection, channel: string) {
  if (!connection.subscriptions.has(channel)) return REFUSAL.permissionDenied;
  return isSeen(connection, channel) ? undefined : REFUSAL.notAvailable;
}
