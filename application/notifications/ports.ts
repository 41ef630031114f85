import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Email } from '#domain/notifications/email.ts';
import type { NotificationsEvent } from '#domain/notifications/events.ts';
import type { Change } from '#domain/shared/change.ts';

export type Emails = {
  /** Queues a mail; one whose key there is already is left out. */
  add(change: Change<Email, NotificationsEvent>): Promise<void>;
  /** Mails that are to be sent now, the longest waiting first; no other transaction gets them until this one ends. */
  due(at: number, limit: number): Promise<readonly Email[]>;
  save(change: Change<Email, NotificationsEvent>): Promise<void>;
  /** Drops mail that has ended and was queued before: whom it went to is nobody's business for ever. How many. */
  forget(queuedBefore: number): Promise<number>;
};

/** A mail as it leaves. `id` is the same however often it is tried, so that mailboxes recognise it. */
export type Message = { readonly id: string; readonly to: string; readonly subject: string; readonly text: string; readonly html: string };
/** `reason` is for operators and holds no address. */
export type Delivery = { readonly outcome: 'sent' } | { readonly outcome: 'refused'; readonly reason: string; readonly isPermanent: boolean };

/** Hands mail to whoever carries it. Throws for nothing that a mail server may answer. */
export type MailTransport = { send(message: Message): Promise<Delivery>; close(): Promise<void> };

/** What was sent, for who develops: in a real installation there is none. */
export type Outbox = { list(): readonly (Message & { readonly at: number })[] };

/** Keeps texts unreadable to whoever has the database alone. */
export type Vault = { seal(text: string, owner: string): string; open(sealed: string, owner: string): string };

export type NotificationsTx = { readonly emails: Emails };
export type NotificationsDeps = {
  readonly uow: UnitOfWork<NotificationsTx>;
  readonly transport: MailTransport;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
};
