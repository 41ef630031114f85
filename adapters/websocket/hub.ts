import type { Broker, Heard, Position, Publication, Stretch } from '#application/realtime/ports.ts';
import type { Connection } from './connection.ts';
import { Room, type Seat } from './room.ts';

export type Seated = { readonly stretch: Stretch /** To be called once the client was told where it stands. */; begin(): void };

/**
 * Passes on what the broker carries to the clients of this node: each message once, in order. Where one is missing it is
 * fetched before the next is passed on, and where it cannot be had the clients are sent to recover.
 */
export class Hub {
  readonly #broker: Broker;
  readonly #onError: (error: unknown) => void;
  readonly #rooms = new Map<string, { readonly room: Room; readonly opening: Promise<void> }>();
  #sent = 0;

  constructor(broker: Broker, onError: (error: unknown) => void) {
    this.#broker = broker;
    this.#onError = onError;
    broker.attach({ hear: (channel, heard) => this.#hear(channel, heard), interrupted: () => void this.checkAll() });
  }

  get stats(): { readonly channels: number; readonly subscriptions: number; readonly sent: number } {
    let subscriptions = 0;
    for (const { room } of this.#rooms.values()) subscriptions += room.seats.size;
    return { channels: this.#rooms.size, subscriptions, sent: this.#sent };
  }

  /**
   * Seats a client, and says what it missed. It is registered before the stream is read, so that nothing can fall between
   * the two. Rejects with BrokerAway.
   */
  async seat(connection: Connection, channel: string, from: Position | undefined, wantsPresence: boolean): Promise<Seated> {
    const seat: Seat = { offset: undefined, waiting: [], wantsPresence };
    const room = this.#enter(channel, connection, seat);
    try {
      await this.#rooms.get(channel)?.opening;
      const stretch = await this.#broker.since(channel, from);
      if (room.position?.epoch !== stretch.position.epoch) void this.#mend(room);
      return { stretch, begin: () => room.seatAt(connection, seat, stretch.position.offset) };
    } catch (error) {
      this.unseat(connection, channel);
      throw error;
    }
  }

  unseat(connection: Connection, channel: string): void {
    const known = this.#rooms.get(channel);
    if (!known?.room.seats.delete(connection) || known.room.seats.size > 0) return;
    this.#rooms.delete(channel);
    this.#broker.ignore(channel);
  }

  /** Who follows a channel on this node. */
  *seats(): Iterable<readonly [channel: string, connections: readonly Connection[]]> {
    for (const [channel, { room }] of this.#rooms) yield [channel, [...room.seats.keys()]];
  }

  /** Finds what may have been missed on any channel. A broker that is away is asked again at the next time. */
  async checkAll(): Promise<void> {
    for (const { room } of [...this.#rooms.values()]) await this.#mend(room);
  }

  #enter(channel: string, connection: Connection, seat: Seat): Room {
    const known = this.#rooms.get(channel);
    const room = known?.room ?? new Room(channel);
    room.seats.set(connection, seat);
    if (!known) {
      const opening = this.#open(room);
      opening.catch(() => {
        if (this.#rooms.get(channel)?.room !== room) return;
        this.#rooms.delete(channel); // Whoever comes next tries again.
        this.#broker.ignore(channel);
      });
      this.#rooms.set(channel, { room, opening });
    }
    return room;
  }

  async #open(room: Room): Promise<void> {
    await this.#broker.listen(room.channel);
    const { position } = await this.#broker.since(room.channel);
    room.position = position;
    this.#catchUp(room);
  }

  #hear(channel: string, heard: Heard): void {
    const room = this.#rooms.get(channel)?.room;
    if (!room) return;
    if (heard.kind === 'signal') {
      this.#sent += room.signal(heard.push);
      return;
    }
    if (!room.position || room.isMending) room.backlog.push(heard);
    else this.#advance(room, heard.epoch, heard.publication);
  }

  #advance(room: Room, epoch: string, publication: Publication): void {
    const { position } = room;
    if (!position || (epoch === position.epoch && publication.offset <= position.offset)) return;
    if (epoch !== position.epoch || publication.offset > position.offset + 1) {
      room.backlog.push({ epoch, publication });
      void this.#mend(room);
      return;
    }
    room.position = { epoch, offset: publication.offset };
    this.#sent += room.pass(publication);
  }

  async #mend(room: Room): Promise<void> {
    if (room.isMending || !room.position) return;
    room.isMending = true;
    const heardBefore = room.backlog.length;
    try {
      const { position, publications, isComplete } = await this.#broker.since(room.channel, room.position);
      if (!isComplete) room.lose();
      for (const publication of publications) this.#advance(room, position.epoch, publication);
      room.position ??= position;
      // What was heard before that answer, and is of another stream, is of one that is no more.
      room.backlog.unshift(...room.backlog.splice(0, heardBefore).filter(({ epoch }) => epoch === position.epoch));
      room.isMending = false;
      this.#catchUp(room);
    } catch (error) {
      room.isMending = false;
      this.#onError(error);
    }
  }

  #catchUp(room: Room): void {
    for (const { epoch, publication } of room.backlog.splice(0)) this.#advance(room, epoch, publication);
  }
}
