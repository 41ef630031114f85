import type { Log } from '#application/shared/ports.ts';
import { worksAt } from '#domain/shared/actor.ts';
import type { Committed } from '../shared/committed.ts';
import { CLOSE, type Close, ENDED } from './codes.ts';
import type { Connection } from './connection.ts';
import { type Desk, isSeen, leave, leftOf, memberOf, PING_SECONDS } from './desk.ts';
import { endedOf, pushOf } from './frames.ts';

const PONG_MS = 10_000;
const CONNECT_MS = 10_000;
/** Everybody is asked for again within this time, for what no commit told of. */
const RECHECK_MS = 60_000;
const KEEP_MS = 25_000;

/** What time and other people's deeds do to connections: pings, expiry, sessions that ended, roles that went. */
export class Watch {
  readonly #desk: Desk;
  readonly #log: Log;
  #keptAt: number;
  #roundAt: number;
  #round: Connection[] = [];
  #roundPerTick = 0;

  constructor(desk: Desk, log: Log) {
    this.#desk = desk;
    this.#log = log;
    this.#keptAt = desk.now();
    this.#roundAt = desk.now();
  }

  /** Called about once a second. */
  async tick(): Promise<void> {
    const now = this.#desk.now();
    for (const connection of this.#desk.crowd.all) this.#look(connection, now);
    this.#goRound(now);
    if (now - this.#keptAt < KEEP_MS) return;
    this.#keptAt = now;
    await this.#desk.hub.checkAll();
    await this.#keepPresence();
  }

  /** What others did, as it was committed here or told of by another node. */
  committed(events: Committed): void {
    for (const { type, stream, restaurantId } of events) {
      if (type.startsWith('identity.session_')) this.#recheckAll(this.#desk.crowd.ofSession(stream.slice('session:'.length)));
      else if (type === 'identity.account_closed') this.#recheckAll(this.#desk.crowd.ofUser(stream.slice('account:'.length)));
      else if (type.startsWith('partners.staff_')) this.#recheckAll(this.#desk.crowd.ofUser(stream.split(':')[2] ?? ''));
      else if (/^(?:partners\.role_|identity\.platform_role_)/.test(type)) this.#recheckAll(this.#staff(restaurantId));
    }
  }

  /** Finds out what a client may do now, and takes from it what it may not any more. */
  recheck(connection: Connection): void {
    connection.run(async () => {
      try {
        await this.#recheck(connection);
        connection.isDoubtful = false;
      } catch (error) {
        connection.isDoubtful = true; // Asked again at the next tick.
        this.#log.warn('what a connection may do could not be found out', { reason: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  /** Everybody who works somewhere, or there. */
  #staff(restaurantId: string | null): readonly Connection[] {
    return [...this.#desk.crowd.all].filter(
      ({ viewer }) =>
        viewer?.kind === 'account' && (restaurantId === null ? viewer.permissions.length + viewer.grants.length > 0 : worksAt(viewer, restaurantId)),
    );
  }

  #recheckAll(connections: readonly Connection[]): void {
    for (const connection of connections) this.recheck(connection);
  }

  async #recheck(connection: Connection): Promise<void> {
    const { passports, mayFollow } = this.#desk;
    if (connection.sessionId === undefined) return;
    const standing = await passports.standing(connection.sessionId);
    if (standing?.kind !== 'account' || standing.accountId !== connection.userId) return connection.close(CLOSE.invalidToken);
    connection.viewer = standing;
    for (const [channel, { token }] of [...connection.subscriptions]) {
      if (token !== undefined || (await mayFollow(standing, channel))) continue;
      await leave(this.#desk, connection, channel);
      connection.send(pushOf(channel, endedOf(ENDED.permissionDenied)));
    }
  }

  #look(connection: Connection, now: number): void {
    const overdue = overdueOf(connection, now);
    if (overdue) connection.close(overdue);
    if (overdue || !connection.viewer) return;
    if (now - connection.pingedAt >= PING_SECONDS * 1_000) connection.ping(now, now + PONG_MS);
    if (connection.isDoubtful) this.recheck(connection);
    for (const [channel, { expiresAt }] of connection.subscriptions)
      if (expiresAt !== undefined && expiresAt <= now) connection.run(() => this.#expire(connection, channel));
  }

  async #expire(connection: Connection, channel: string): Promise<void> {
    if ((connection.subscriptions.get(channel)?.expiresAt ?? Number.POSITIVE_INFINITY) > this.#desk.now()) return;
    await leave(this.#desk, connection, channel);
    connection.send(pushOf(channel, endedOf(ENDED.expired)));
  }

  /** A part of everybody each second, so that all have been asked for in a minute. */
  #goRound(now: number): void {
    if (this.#round.length === 0 && now - this.#roundAt >= RECHECK_MS) {
      this.#roundAt = now;
      this.#round = [...this.#desk.crowd.all];
      this.#roundPerTick = Math.ceil(this.#round.length / (RECHECK_MS / 1_000));
    }
    for (const connection of this.#round.splice(0, this.#roundPerTick)) if (!connection.isClosed) this.recheck(connection);
  }

  async #keepPresence(): Promise<void> {
    const { hub, presence, broker } = this.#desk;
    for (const [channel, connections] of hub.seats()) {
      const seen = connections.filter((connection) => isSeen(connection, channel));
      if (seen.length === 0) continue;
      const gone = await presence.keep(channel, seen.map(memberOf)).catch(() => []);
      for (const member of gone) await broker.signal(channel, leftOf(member)).catch(() => undefined);
    }
  }
}

/** Why a connection has had its time, if it has. */
function overdueOf({ viewer, openedAt, expiresAt, pongBy }: Connection, now: number): Close | undefined {
  if (expiresAt <= now) return CLOSE.expired;
  if (!viewer) return now - openedAt > CONNECT_MS ? CLOSE.stale : undefined;
  return pongBy !== undefined && pongBy <= now ? CLOSE.noPong : undefined;
}
