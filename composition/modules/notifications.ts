import { ContainerModule } from 'inversify';
import { memoryAccounts } from '#adapters/memory/identity/identity.ts';
import { memoryEmails } from '#adapters/memory/notifications/emails.ts';
import { MemoryOutbox } from '#adapters/memory/notifications/outbox.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresAccounts } from '#adapters/postgres/identity/accounts.ts';
import { NOTIFICATIONS_ROWS } from '#adapters/postgres/notifications/email.rows.ts';
import { postgresEmails } from '#adapters/postgres/notifications/emails.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { WorkerLoop } from '#adapters/shared/worker-loop.ts';
import { SmtpMailTransport } from '#adapters/smtp/mail-transport.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { aesVault } from '#adapters/system/vault.ts';
import type { Accounts } from '#application/identity/ports.ts';
import { forgetEmails } from '#application/notifications/forget-emails.ts';
import { mailWithin } from '#application/notifications/mail-within.ts';
import { onApiKeyIssued } from '#application/notifications/on-api-key-issued.ts';
import { type MailTx, onRefundRequested } from '#application/notifications/on-refund-requested.ts';
import type { MailTransport, NotificationsDeps, NotificationsTx, Vault } from '#application/notifications/ports.ts';
import { sendEmails } from '#application/notifications/send-emails.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { type Module, within } from './module.ts';
import { Platform, type Secrets } from './platform.ts';

export const Notifications = {
  uow: token<UnitOfWork<NotificationsTx>>('notifications.uow'),
  vault: token<Vault>('notifications.vault'),
  /** Where mail goes when no mail server is configured. */
  outbox: token<MemoryOutbox>('notifications.outbox'),
  transport: token<MailTransport>('notifications.transport'),
  /** Sends what is due; how many. */
  send: token<() => Promise<number>>('notifications.send'),
  /** Sends mail as soon as it is queued, and what failed when its time has come. */
  mailer: token<WorkerLoop>('notifications.mailer'),
};

/** Mail is for accounts that are there: those that were closed have no address any more. */
const mailTx = (mail: MailTx['mail'], accounts: Pick<Accounts, 'lock'>): MailTx => ({
  mail,
  recipients: {
    async find(accountId) {
      const account = await accounts.lock(accountId);
      return account?.status === 'active' ? account : undefined;
    },
  },
});

/** What mail follows from. */
const MAILED = [onRefundRequested, onApiKeyIssued];

const POLL_MS = 10_000;
const GATHER_MS = 20;
const REST_MS = 250;

export const notifications: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Notifications.vault)
      .toResolvedValue((secrets: Secrets) => aesVault(deriveKeys(secrets, 'mail')), [Platform.secrets])
      .inSingletonScope();
    bind(Notifications.outbox)
      .toResolvedValue((clock: Clock) => new MemoryOutbox(() => clock.now()), [Platform.clock])
      .inSingletonScope();
    bind(Notifications.transport)
      .toResolvedValue(
        ({ mail: { smtpUrl, from } }: Config, outbox: MemoryOutbox) =>
          smtpUrl === undefined ? outbox : new SmtpMailTransport({ url: smtpUrl, from }),
        [Platform.config, Notifications.outbox],
      )
      .inSingletonScope()
      .onDeactivation((transport) => void transport.close());
    bind(Notifications.send)
      .toResolvedValue(
        (uow: NotificationsDeps['uow'], transport: MailTransport, vault: Vault, clock: Clock, ids: Ids, log: Log) =>
          sendEmails({ uow, transport, vault, clock, ids, log }),
        [Notifications.uow, Notifications.transport, Notifications.vault, Platform.clock, Platform.ids, Platform.log],
      )
      .inSingletonScope();
    bind(Notifications.mailer)
      .toResolvedValue(
        (send: () => Promise<number>, committed: CommitSignal, log: Log) => {
          const onError = (error: unknown): void => log.error('mail could not be sent', { error });
          const loop = new WorkerLoop({ step: async () => (await send()) > 0, onError, pollMs: POLL_MS, gatherMs: GATHER_MS, restMs: REST_MS });
          committed.listen((events) => events.some(({ type }) => type === 'notifications.email_queued') && loop.nudge());
          return loop;
        },
        [Notifications.send, Platform.committed, Platform.log],
      )
      .inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue((uow: NotificationsDeps['uow'], clock: Clock) => forgetEmails({ uow, clock }), [Notifications.uow, Platform.clock])
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Notifications.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => ({ emails: postgresEmails(tx) })), [Platform.postgres])
      .inSingletonScope();
    for (const subscription of MAILED) {
      bind(Platform.postgresSubscriptions)
        .toResolvedValue(
          (vault: Vault, platform: PostgresPlatform) =>
            within(subscription, (tx: PostgresTx) => mailTx(mailWithin(postgresEmails(tx), { vault, ...platform }), postgresAccounts(tx))),
          [Notifications.vault, Platform.postgres],
        )
        .inSingletonScope();
    }
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Notifications.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => ({ emails: memoryEmails(tx) })), [Platform.memory])
      .inSingletonScope();
    for (const subscription of MAILED) {
      bind(Platform.memorySubscriptions)
        .toResolvedValue(
          (vault: Vault, platform: MemoryPlatform) =>
            within(subscription, (tx: MemoryTx) => mailTx(mailWithin(memoryEmails(tx), { vault, ...platform }), memoryAccounts(tx))),
          [Notifications.vault, Platform.memory],
        )
        .inSingletonScope();
    }
  }),

  rows: NOTIFICATIONS_ROWS,
};
