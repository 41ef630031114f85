import { REFUSAL } from '../codes.ts';
import type { Requested } from '../commands.ts';
import type { Connection, Subscribed } from '../connection.ts';
import { CHANNELS_MAX, type Desk, enter, leave, ttlOf } from '../desk.ts';

const REJECT_UNRECOVERED = 2;
const OF_CONNECTION: Subscribed = { expiresAt: undefined, token: undefined };

/** Follows a channel from now on, or from where the client was: then it is told all it missed, or that it cannot be. */
export async function onSubscribe(desk: Desk, connection: Connection, id: number, request: Requested<'subscribe'>): Promise<void> {
  const { channel, token, recover, offset, epoch } = request;
  if (connection.subscriptions.has(channel)) return connection.refuse(id, REFUSAL.alreadySubscribed);
  if (connection.subscriptions.size >= CHANNELS_MAX) return connection.refuse(id, REFUSAL.limitExceeded);
  const subscribed = await admitted(desk, connection, channel, token);
  if ('code' in subscribed) return connection.refuse(id, subscribed);

  if (connection.isClosed) return;
  connection.subscriptions.set(channel, subscribed);
  try {
    const { stretch, begin } = await desk.hub.seat(connection, channel, recover ? { epoch, offset } : undefined, request.join_leave);
    const { position, publications, isComplete } = stretch;
    if (recover && !isComplete && (request.flag & REJECT_UNRECOVERED) !== 0) {
      await leave(desk, connection, channel);
      return connection.refuse(id, REFUSAL.unrecoverablePosition);
    }
    const expires = subscribed.expiresAt !== undefined && { expires: true, ttl: ttlOf(subscribed.expiresAt, desk.now()) };
    connection.reply(id, 'subscribe', {
      recoverable: true,
      positioned: true,
      epoch: position.epoch,
      // Where it was, and each message that it missed takes it one further.
      offset: recover && isComplete ? offset : position.offset,
      ...(recover && { was_recovering: true, recovered: isComplete }),
      ...(publications.length > 0 && {
        publications: publications.map(({ offset: at, data }) => ({ data: JSON.parse(data) as unknown, offset: at })),
      }),
      ...expires,
    });
    begin();
  } catch (error) {
    connection.subscriptions.delete(channel);
    throw error;
  }
  await enter(desk, connection, channel);
}

/** By what the client is, or by a token of its own for this channel: a link to an order that somebody was given. */
async function admitted({ passports, mayFollow }: Desk, { viewer }: Connection, channel: string, token: string | undefined) {
  if (token !== undefined && token !== '') {
    const passport = await passports.read(token);
    if (passport === 'expired') return REFUSAL.tokenExpired;
    if (passport !== 'invalid' && (await mayFollow(passport.viewer, channel))) return { expiresAt: passport.expiresAt, token };
    return REFUSAL.permissionDenied;
  }
  return viewer && (await mayFollow(viewer, channel)) ? OF_CONNECTION : REFUSAL.permissionDenied;
}

export async function onSubRefresh(desk: Desk, connection: Connection, id: number, request: Requested<'sub_refresh'>): Promise<void> {
  const { channel, token } = request;
  if (!connection.subscriptions.has(channel)) return connection.refuse(id, REFUSAL.permissionDenied);
  const subscribed = await admitted(desk, connection, channel, token);
  if ('code' in subscribed) return connection.refuse(id, subscribed);
  connection.subscriptions.set(channel, subscribed);
  const { expiresAt } = subscribed;
  connection.reply(id, 'sub_refresh', expiresAt === undefined ? { expires: false } : { expires: true, ttl: ttlOf(expiresAt, desk.now()) });
}

export async function onUnsubscribe(desk: Desk, connection: Connection, id: number, { channel }: Requested<'unsubscribe'>): Promise<void> {
  await leave(desk, connection, channel);
  connection.reply(id, 'unsubscribe', {});
}
