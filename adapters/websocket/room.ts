import type { Position, Publication } from '#application/realtime/ports.ts';
import { CLOSE } from './codes.ts';
import type { Connection } from './connection.ts';
import { publicationOf, pushOf } from './frames.ts';

/** Where one client stands in a channel. While it is being told what it missed, what comes meanwhile waits. */
export type Seat = { offset: number | undefined; readonly waiting: Publication[]; readonly wantsPresence: boolean };

/** One channel on this node: who follows it here, and how far it was passed on to them. */
export class Room {
  readonly channel: string;
  readonly seats = new Map<Connection, Seat>();
  /** Undefined until the node listens. */
  position: Position | undefined;
  /** What came while the room was finding out what it had missed. */
  readonly backlog: { readonly epoch: string; readonly publication: Publication }[] = [];
  isMending = false;

  constructor(channel: string) {
    this.channel = channel;
  }

  /** Passes a publication on to everyone who has not had it. Whoever would miss one before it is sent away to come back and recover. */
  pass(publication: Publication): number {
    const text = pushOf(this.channel, publicationOf(publication));
    let sent = 0;
    for (const [connection, seat] of this.seats) {
      if (seat.offset === undefined) seat.waiting.push(publication);
      else if (this.#isNext(connection, seat, publication) && connection.send(text)) sent += 1;
    }
    return sent;
  }

  /** Tells what is kept nowhere. */
  signal(push: string): number {
    const isPresence = push.startsWith('{"join"') || push.startsWith('{"leave"');
    const text = pushOf(this.channel, push);
    let sent = 0;
    for (const [connection, seat] of this.seats) {
      if (seat.offset !== undefined && (!isPresence || seat.wantsPresence) && connection.send(text)) sent += 1;
    }
    return sent;
  }

  /** From here on the client hears for itself. */
  seatAt(connection: Connection, seat: Seat, offset: number): void {
    seat.offset = offset;
    for (const publication of seat.waiting.splice(0))
      if (this.#isNext(connection, seat, publication)) connection.send(pushOf(this.channel, publicationOf(publication)));
  }

  #isNext(connection: Connection, seat: Seat, { offset }: Publication): boolean {
    if (seat.offset === undefined || offset <= seat.offset) return false;
    if (offset > seat.offset + 1) {
      connection.close(CLOSE.insufficientState);
      return false;
    }
    seat.offset = offset;
    return true;
  }

  /** What was passed on has a hole that cannot be filled: everyone comes back and is told so. */
  lose(): void {
    for (const connection of [...this.seats.keys()]) connection.close(CLOSE.insufficientState);
    this.position = undefined;
    this.backlog.length = 0;
  }
}
