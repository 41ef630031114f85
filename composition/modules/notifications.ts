import { ContainerModule } from 'inversify';
import { handlebarsTemplates } from '#adapters/handlebars/notifications/email/templates.ts';
import { emailRoutes } from '#adapters/http/notifications/email/routes.ts';
import { memoryEmailTx } from '#adapters/memory/notifications/email/email-tx.ts';
import { memoryEmails } from '#adapters/memory/notifications/email/emails.ts';
import { MemoryOutbox } from '#adapters/memory/notifications/email/outbox.ts';
import { memoryEmailQueries } from '#adapters/memory/notifications/email/queries.ts';
import { memoryInbox } from '#adapters/memory/notifications/inbox/inbox.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { EMAIL_ROWS } from '#adapters/postgres/notifications/email/email.rows.ts';
import { postgresEmailTx } from '#adapters/postgres/notifications/email/email-tx.ts';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { postgresEmailQueries } from '#adapters/postgres/notifications/email/queries.ts';
import { postgresPreferences } from '#adapters/postgres/notifications/inbox/preferences.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { currentRequest } from '#adapters/shared/request-context.ts';
import { WorkerLoop } from '#adapters/shared/worker-loop.ts';
import { SmtpMailTransport } from '#adapters/smtp/mail-transport.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { aesVault } from '#adapters/system/vault.ts';
import { hmacVeil } from '#adapters/system/veil.ts';
import { forgetEmails } from '#application/notifications/email/forget-emails.ts';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import { createEmails, type EmailOperations } from '#application/notifications/email/module.ts';
import type {
  Digest,
  EmailDeps,
  EmailQueries,
  EmailSettings,
  EmailTx,
  MailTransport,
  QueueDeps,
  Templates,
  Vault,
} from '#application/notifications/email/ports.ts';
import { sendEmails } from '#application/notifications/email/send-emails.ts';
import type { Measure } from '#application/platform/measures.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { mailSubscriptions, memoryTold, postgresTold, wishing } from './mail-subscriptions.ts';
import { type Module, within } from './module.ts';
import { Platform, type Secrets } from './platform.ts';

export const Notifications = {
  /** What operators do about mail. */
  emails: token<EmailOperations>('notifications.emails'),
  uow: token<UnitOfWork<EmailTx>>('notifications.uow'),
  queries: token<EmailQueries>('notifications.queries'),
  deps: token<EmailDeps>('notifications.deps'),
  vault: token<Vault>('notifications.vault'),
  tickets: token<Vault>('notifications.tickets'),
  digest: token<Digest>('notifications.digest'),
  /** What `mailWithin` takes, for whoever queues mail in a transaction of their own. */
  queueing: token<QueueDeps>('notifications.queueing'),
  templates: token<Templates>('notifications.templates'),
  settings: token<EmailSettings>('notifications.settings'),
  /** Where mail goes when no mail server is configured. */
  outbox: token<MemoryOutbox>('notifications.outbox'),
  transport: token<MailTransport>('notifications.transport'),
  /** Sends what is due; how many. */
  send: token<() => Promise<number>>('notifications.send'),
  /** Sends mail as soon as it is queued, and what failed when its time has come. */
  mailer: token<WorkerLoop>('notifications.mailer'),
};

const POLL_MS = 10_000;
const GATHER_MS = 20;
const REST_MS = 250;
/** What makes the mailer look at once; campaigns come with their mails. */
const WAKING = ['notifications.email_queued', 'notifications.email_retried', 'notifications.email_sending_resumed'];

export const notifications: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Notifications.vault)
      .toResolvedValue((secrets: Secrets) => aesVault(deriveKeys(secrets, 'mail')), [Platform.secrets])
      .inSingletonScope();
    bind(Notifications.tickets)
      .toResolvedValue((secrets: Secrets) => aesVault(deriveKeys(secrets, 'unsubscribe')), [Platform.secrets])
      .inSingletonScope();
    bind(Notifications.digest)
      .toResolvedValue((secrets: Secrets): Digest => hmacVeil(deriveKeys(secrets, 'recipient').current), [Platform.secrets])
      .inSingletonScope();
    bind(Notifications.queueing)
      .toResolvedValue(
        (vault: Vault, digest: Digest, clock: Clock, ids: Ids): QueueDeps => ({ vault, digest, clock, ids, trace: () => currentRequest()?.traceId }),
        [Notifications.vault, Notifications.digest, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Notifications.templates)
      .toResolvedValue(({ mail }: Config) => handlebarsTemplates({ brand: mail.from.name }), [Platform.config])
      .inSingletonScope();
    bind(Notifications.settings)
      .toResolvedValue(
        ({ mail: { policy, connections }, publicUrl }: Config): EmailSettings => ({ policy, lanes: connections, publicUrl }),
        [Platform.config],
      )
      .inSingletonScope();
    bind(Notifications.outbox)
      .toResolvedValue((clock: Clock) => new MemoryOutbox(() => clock.now()), [Platform.clock])
      .inSingletonScope();
    bind(Notifications.transport)
      .toResolvedValue(
        ({ mail: { smtpUrl: url, from, connections, perSecond, isTlsRequired } }: Config, outbox: MemoryOutbox) =>
          url === undefined ? outbox : new SmtpMailTransport({ url, from, connections, perSecond, isTlsRequired }),
        [Platform.config, Notifications.outbox],
      )
      .inSingletonScope()
      .onDeactivation((transport) => void transport.close());
    bind(Notifications.deps)
      .toResolvedValue(
        (
          queueing: QueueDeps,
          uow: EmailDeps['uow'],
          queries: EmailQueries,
          requests: RequestQueries,
          transport: MailTransport,
          templates: Templates,
          tickets: Vault,
          settings: EmailSettings,
          log: Log,
        ): EmailDeps => ({ ...queueing, uow, queries, requests, transport, templates, tickets, settings, log }),
        [
          Notifications.queueing,
          Notifications.uow,
          Notifications.queries,
          Platform.requests,
          Notifications.transport,
          Notifications.templates,
          Notifications.tickets,
          Notifications.settings,
          Platform.log,
        ],
      )
      .inSingletonScope();
    bind(Notifications.emails).toResolvedValue(createEmails, [Notifications.deps]).inSingletonScope();
    bind(Platform.routes).toResolvedValue(emailRoutes, [Notifications.emails]).inSingletonScope();
    bind(Notifications.send).toResolvedValue(sendEmails, [Notifications.deps]).inSingletonScope();
    bind(Notifications.mailer)
      .toResolvedValue(
        (send: () => Promise<number>, committed: CommitSignal, log: Log) => {
          const onError = (error: unknown): void => log.error('mail could not be sent', { error });
          const loop = new WorkerLoop({ step: async () => (await send()) > 0, onError, pollMs: POLL_MS, gatherMs: GATHER_MS, restMs: REST_MS });
          committed.listen((events) => events.some(({ type }) => WAKING.includes(type)) && loop.nudge());
          return loop;
        },
        [Notifications.send, Platform.committed, Platform.log],
      )
      .inSingletonScope();
    bind(Platform.measures)
      .toResolvedValue(
        ({ backlog }: EmailQueries): Measure => ({
          name: 'thali_emails_waiting',
          help: 'Mails that have not been sent yet and have not failed',
          read: async () => [{ value: (await backlog()).count }],
        }),
        [Notifications.queries],
      )
      .inSingletonScope();
    bind(Platform.measures)
      .toResolvedValue(
        ({ backlog }: EmailQueries, clock: Clock): Measure => ({
          name: 'thali_emails_oldest_waiting_seconds',
          help: 'How long the longest waiting of them has waited',
          async read() {
            const { oldestAt } = await backlog();
            return [{ value: oldestAt === null ? 0 : (clock.now() - oldestAt) / 1_000 }];
          },
        }),
        [Notifications.queries, Platform.clock],
      )
      .inSingletonScope();
    bind(Platform.jobs).toResolvedValue(forgetEmails, [Notifications.deps]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Notifications.uow)
      .toResolvedValue(
        (platform: PostgresPlatform) =>
          postgresUnitOfWork(
            platform,
            postgresEmailTx(() => platform.clock.now()),
          ),
        [Platform.postgres],
      )
      .inSingletonScope();
    bind(Notifications.queries).toResolvedValue(postgresEmailQueries, [Platform.sql]).inSingletonScope();
    for (const { category, of } of mailSubscriptions) {
      bind(Platform.postgresSubscriptions)
        .toResolvedValue(
          (config: Config, queueing: QueueDeps) =>
            within(of(config), (tx: PostgresTx) => ({
              mail: mailWithin(postgresEmails(tx), queueing),
              told: wishing(postgresTold(tx), category, postgresPreferences(tx)),
            })),
          [Platform.config, Notifications.queueing],
        )
        .inSingletonScope();
    }
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Notifications.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, memoryEmailTx), [Platform.memory])
      .inSingletonScope();
    bind(Notifications.queries).toResolvedValue(memoryEmailQueries, [Platform.store]).inSingletonScope();
    for (const { category, of } of mailSubscriptions) {
      bind(Platform.memorySubscriptions)
        .toResolvedValue(
          (config: Config, queueing: QueueDeps, { store }: MemoryPlatform) => {
            const told = memoryTold(store);
            return within(of(config), (tx: MemoryTx) => ({
              mail: mailWithin(memoryEmails(tx), queueing),
              told: wishing(told, category, memoryInbox(tx).preferences),
            }));
          },
          [Platform.config, Notifications.queueing, Platform.memory],
        )
        .inSingletonScope();
    }
  }),

  rows: EMAIL_ROWS,
};
