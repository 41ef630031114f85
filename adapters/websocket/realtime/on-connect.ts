import { CLOSE, REFUSAL } from '../codes.ts';
import type { Requested } from '../commands.ts';
import type { Connection } from '../connection.ts';
import { type Desk, PING_SECONDS, ttlOf } from '../desk.ts';

/** The first frame says who it is. Whoever proves nothing is sent away, and does not come back by itself. */
export async function onConnect(desk: Desk, connection: Connection, id: number, { token }: Requested<'connect'>): Promise<void> {
  const { passports, crowd, node, version, userMax, now } = desk;
  if (connection.viewer) return connection.close(CLOSE.badRequest);
  const revision = desk.revision();
  const passport = await passports.read(token);
  if (passport === 'expired') return connection.refuse(id, REFUSAL.tokenExpired);
  if (passport === 'invalid') return connection.close(CLOSE.invalidToken);
  if (connection.isClosed) return;

  connection.viewer = passport.viewer;
  connection.expiresAt = passport.expiresAt;
  if (connection.userId !== '' && crowd.ofUser(connection.userId).length >= userMax) return connection.close(CLOSE.connectionLimit);
  crowd.know(connection);
  if (desk.revision() !== revision) desk.recheck(connection); // It may have been read before a commit that took it away.
  const expires = { expires: true, ttl: ttlOf(passport.expiresAt, now()) };
  connection.reply(id, 'connect', { client: connection.id, version, ...expires, ping: PING_SECONDS, pong: true, node });
}

/** A newer token of the same session lets it stay. */
export async function onRefresh(desk: Desk, connection: Connection, id: number, { token }: Requested<'refresh'>): Promise<void> {
  const passport = await desk.passports.read(token);
  if (passport === 'expired') return connection.refuse(id, REFUSAL.tokenExpired);
  if (passport === 'invalid' || !isSame(connection, passport.viewer)) return connection.close(CLOSE.invalidToken);
  connection.viewer = passport.viewer;
  connection.expiresAt = passport.expiresAt;
  connection.reply(id, 'refresh', {
    client: connection.id,
    version: desk.version,
    expires: true,
    ttl: ttlOf(passport.expiresAt, desk.now()),
  });
}

const isSame = ({ viewer }: Connection, other: Exclude<Connection['viewer'], undefined>): boolean =>
  viewer?.kind === 'account' && other.kind === 'account'
    ? viewer.sessionId === other.sessionId && viewer.accountId === other.accountId
    : viewer?.kind === 'order_link' && other.kind === 'order_link' && viewer.orderId === other.orderId;
