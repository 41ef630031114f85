import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries, Requests } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Campaign } from '#domain/notifications/email/campaign.ts';
import type { Email, EmailPolicy, EmailStatus } from '#domain/notifications/email/email.ts';
import type { Sending } from '#domain/notifications/email/sending.ts';
import type { Suppression, SuppressionReason } from '#domain/notifications/email/suppression.ts';
import type {
  EmailCampaignQueued,
  EmailEvent,
  EmailSendingChanged,
  EmailsForgotten,
  SuppressionEvent,
  TestEmailAsked,
} from '#domain/notifications/events.ts';
import type { Change } from '#domain/shared/change.ts';

/** What fills a template in: words, and lists and groups of them. `name`, of who reads it, is in all of them. */
export type Facts = Readonly<Record<string, unknown>>;

export type Emails = {
  /** Queues mails; those whose key there is already are left out. How many were queued. */
  add(changes: readonly Change<Email, EmailEvent | TestEmailAsked>[]): Promise<number>;
  /** How many mails of these templates were queued for an address since then. */
  queuedFor(recipientDigest: string, templates: readonly string[], since: number): Promise<number>;
  /** Mails that are to be sent now, the urgent before the others and then the longest waiting; no other transaction gets them until this one ends. */
  due(at: number, limit: number): Promise<readonly Email[]>;
  /** Some mails as they are; nobody else writes them until the transaction ends. */
  lock(emailIds: readonly string[]): Promise<readonly Email[]>;
  /** Mails that have failed and can be tried again, the oldest first, of one template or of all. */
  lockFailed(template: string | undefined, at: number, limit: number): Promise<readonly Email[]>;
  /** Mails that have not ended though they are worth nothing any more, and that nobody holds. */
  lockExpired(at: number, limit: number): Promise<readonly Email[]>;
  /** Writes mails that this transaction has locked. */
  save(changes: readonly Change<Email, EmailEvent>[]): Promise<void>;
  /** Drops mails that ended before, at most so many; how many. */
  forget(endedBefore: number, limit: number): Promise<number>;
  /** Empties failed mails that expired before: their links open nothing any more. How many. */
  emptyExpired(at: number, limit: number): Promise<number>;
};

export type Campaigns = {
  find(campaignId: string): Promise<Campaign | undefined>;
  add(change: Change<Campaign, EmailCampaignQueued>): Promise<void>;
};

export type Suppressions = {
  /** Of each address, if any, the reason it is not written to. */
  reasons(addresses: readonly string[]): Promise<ReadonlyMap<string, SuppressionReason>>;
  /** The entry of an address, which nobody else writes until the transaction ends. */
  lockAddress(address: string): Promise<Suppression | undefined>;
  lock(suppressionId: string): Promise<Suppression | undefined>;
  /** In place of the one that the address has. */
  add(change: Change<Suppression, SuppressionEvent>): Promise<void>;
  remove(change: Change<Suppression, SuppressionEvent>): Promise<void>;
};

export type SendingSwitch = {
  read(): Promise<Sending>;
  /** Writes over the version that was read, or throws WriteConflict. */
  save(change: Change<Sending, EmailSendingChanged>): Promise<void>;
};

/** Told of what leaves no row behind. */
export type EmailJournal = { note(id: string, event: EmailsForgotten): void };

export type EmailTx = {
  readonly emails: Emails;
  readonly campaigns: Campaigns;
  readonly suppressions: Suppressions;
  readonly sending: SendingSwitch;
  readonly journal: EmailJournal;
  readonly requests: Requests;
};

export type EmailFilter = {
  readonly status?: EmailStatus;
  readonly template?: string;
  readonly recipientDigest?: string;
  readonly campaignId?: string;
  /** Queued at this time or later, and before that time. */
  readonly from?: number;
  readonly to?: number;
};
export type EmailStatistics = {
  readonly counts: readonly { readonly status: EmailStatus; readonly template: string; readonly count: number; readonly attempts: number }[];
  /** When the longest waiting of those that are due was queued. */
  readonly oldestWaitingAt: number | null;
  readonly sentLastMinute: number;
  readonly sentLastHour: number;
};
export type EmailQueries = {
  email(emailId: string): Promise<Email | undefined>;
  emails(filter: EmailFilter, page: PageRequest): Promise<Page<Email>>;
  campaign(campaignId: string): Promise<Campaign | undefined>;
  suppressions(filter: { readonly reason?: SuppressionReason; readonly recipientDigest?: string }, page: PageRequest): Promise<Page<Suppression>>;
  sending(): Promise<Sending>;
  statistics(at: number): Promise<EmailStatistics>;
  /** How many mails have not ended, and when the longest waiting of them was queued: quick, however many have. */
  backlog(): Promise<{ readonly count: number; readonly oldestAt: number | null }>;
};

/** A mail as it leaves. `id` is the same however often it is tried, so that mailboxes recognise it. */
export type Message = Written & {
  readonly id: string;
  readonly to: string;
  /** By which it is found in the log of who sent it. */
  readonly traceId?: string;
  /** Where who gets it can have no more of its kind, with one request. */
  readonly unsubscribeUrl?: string;
};
export type Written = { readonly subject: string; readonly text: string; readonly html: string };

/**
 * What came of handing a mail over. `unreachable`: the server took no mail from anybody, so it is nobody's attempt. `reason` is
 * for operators and holds no address.
 */
export type Delivery =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused'; readonly reason: string; readonly isPermanent: boolean; readonly isNoMailbox: boolean }
  | { readonly outcome: 'unreachable'; readonly reason: string };

/** Hands mail to whoever carries it. Throws for nothing that a mail server may answer. */
export type MailTransport = { send(message: Message): Promise<Delivery>; close(): Promise<void> };

/** What was sent, for who develops: in a real installation there is none. */
export type Outbox = { list(): readonly (Message & { readonly at: number })[] };

/** Writes a mail as text and as HTML. Whatever a fact holds, it stays a fact: no markup, no second header, no link of somebody else's. */
export type Templates = { write(template: string, facts: Facts): Written | undefined };

/** Keeps texts unreadable to whoever has the database alone. */
export type Vault = { seal(text: string, owner: string): string; open(sealed: string, owner: string): string };
/** Names an address by a keyed digest. */
export type Digest = (address: string) => string;

/** What queueing a mail takes. */
/** The trace of what is being done, if it is done for a request. */
export type CurrentTrace = () => string | undefined;
export type QueueDeps = { readonly vault: Vault; readonly digest: Digest; readonly clock: Clock; readonly ids: Ids; readonly trace: CurrentTrace };

export type EmailSettings = {
  readonly policy: EmailPolicy;
  /** How many mails are handed over at once. */
  readonly lanes: number;
  /** Where people reach us. */
  readonly publicUrl: string;
};
export type EmailDeps = QueueDeps & {
  readonly uow: UnitOfWork<EmailTx>;
  readonly queries: EmailQueries;
  readonly requests: RequestQueries;
  readonly transport: MailTransport;
  readonly templates: Templates;
  /** Seals addresses into the links that unsubscribe them. */
  readonly tickets: Vault;
  readonly settings: EmailSettings;
  readonly log: Log;
};
