import { ContainerModule } from 'inversify';
import { inboxRoutes } from '#adapters/http/notifications/inbox/routes.ts';
import { memoryEmails } from '#adapters/memory/notifications/email/emails.ts';
import { memoryInbox, memoryInboxQueries } from '#adapters/memory/notifications/inbox/inbox.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { postgresDispatches } from '#adapters/postgres/notifications/inbox/dispatches.ts';
import { INBOX_ROWS } from '#adapters/postgres/notifications/inbox/inbox.rows.ts';
import { postgresNotices } from '#adapters/postgres/notifications/inbox/notices.ts';
import { postgresPreferences, postgresPushSubscriptions } from '#adapters/postgres/notifications/inbox/preferences.ts';
import { postgresInboxQueries } from '#adapters/postgres/notifications/inbox/queries.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { reaction } from '#adapters/shared/reaction.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { aesVault } from '#adapters/system/vault.ts';
import { hmacVeil } from '#adapters/system/veil.ts';
import { type TwilioSimulator, twilioSimulator } from '#adapters/twilio/simulator.ts';
import { twilioSms } from '#adapters/twilio/sms.ts';
import { webPush } from '#adapters/web-push/push.ts';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import type { QueueDeps } from '#application/notifications/email/ports.ts';
import type { Told as MailTold } from '#application/notifications/email/subscriptions/told.ts';
import { forgetNotices } from '#application/notifications/inbox/forget-notices.ts';
import { createInbox, type Inbox as UseCases } from '#application/notifications/inbox/module.ts';
import type { NotifyTx } from '#application/notifications/inbox/notify.ts';
import type { InboxDeps, InboxQueries, InboxTx, NoticeMail, Push, Sms } from '#application/notifications/inbox/ports.ts';
import { sendDispatches } from '#application/notifications/inbox/send-dispatches.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Outgoing } from '#application/webhooks/ports.ts';
import { deviceName } from '#domain/identity/device-name.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { inboxSubscriptions, memoryInboxTold, memoryPeople, postgresInboxTold, postgresPeople } from './inbox-subscriptions.ts';
import { memoryTold, postgresTold } from './mail-subscriptions.ts';
import { type Module, within } from './module.ts';
import { Notifications } from './notifications.ts';
import { Platform, type Secrets } from './platform.ts';
import { Webhooks } from './webhooks.ts';

/** A part of notifications with wiring of its own: what people are told in the app, by text message and by push. */
export const Inbox = {
  useCases: token<UseCases>('inbox'),
  uow: token<UnitOfWork<InboxTx>>('inbox.uow'),
  queries: token<InboxQueries>('inbox.queries'),
  sms: token<Sms>('inbox.sms'),
  /** What stands in for a provider of text messages where there is no account, and this is not production. */
  smsSimulator: token<TwilioSimulator | undefined>('inbox.sms-simulator'),
  push: token<Push>('inbox.push'),
  deps: token<InboxDeps>('inbox.deps'),
};

/** Where the simulator is found on our own address. */
export const SMS_SIMULATOR_PATH = '/simulator/twilio';
const SIMULATED = { accountSid: 'AC00000000', authToken: 'simulator', from: '+15005550006' };
const NO_ACCOUNT = { outcome: 'refused', reason: 'no account sends text messages', isPermanent: true } as const;
const WAKING: readonly string[] = ['notifications.dispatch_planned'];

const smsOf = ({ messages: { twilio } }: Config, simulator: TwilioSimulator | undefined): Sms => {
  if (twilio) return twilioSms(twilio);
  if (!simulator) return { send: async () => NO_ACCOUNT };
  return twilioSms({ ...SIMULATED, baseUrl: `http://localhost${SMS_SIMULATOR_PATH}`, fetch: simulator.fetch });
};

const pushOf = ({ messages: { pushContact } }: Config, out: Outgoing, secrets: Secrets): Push =>
  webPush({ poster: out, secret: deriveKeys(secrets, 'push').current.bytes, contact: pushContact });

/** Several notices are one mail. */
const noticeMail = (mail: ReturnType<typeof mailWithin>, { people }: MailTold): NoticeMail => ({
  async enqueue({ key, accountId, notices }) {
    const person = (await people([accountId])).get(accountId);
    if (!person) return;
    const items = notices.map(({ title, body }) => ({ name: title, body }));
    await mail.enqueue({ key, to: person.email, template: 'notices', facts: { name: person.displayName, items } });
  },
});

const postgresTelling = (tx: PostgresTx): NotifyTx => ({
  notices: postgresNotices(tx),
  preferences: postgresPreferences(tx),
  dispatches: postgresDispatches(tx),
  pushSubscriptions: postgresPushSubscriptions(tx),
  people: postgresPeople(tx),
});

const postgresInbox =
  (queueing: QueueDeps) =>
  (tx: PostgresTx): InboxTx => ({
    ...postgresTelling(tx),
    mail: noticeMail(mailWithin(postgresEmails(tx), queueing), postgresTold(tx)),
  });

export const inbox: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Inbox.smsSimulator)
      .toResolvedValue(
        ({ isProduction, messages }: Config) => (isProduction || messages.twilio ? undefined : twilioSimulator(SIMULATED)),
        [Platform.config],
      )
      .inSingletonScope();
    bind(Inbox.sms).toResolvedValue(smsOf, [Platform.config, Inbox.smsSimulator]).inSingletonScope();
    bind(Inbox.push).toResolvedValue(pushOf, [Platform.config, Webhooks.outgoing, Platform.secrets]).inSingletonScope();
    bind(Inbox.deps)
      .toResolvedValue(
        (uow: InboxDeps['uow'], queries: InboxQueries, sms: Sms, push: Push, secrets: Secrets, clock: Clock, ids: Ids, log: Log): InboxDeps => {
          const digests = { of: hmacVeil(deriveKeys(secrets, 'push-address').current) };
          return { uow, queries, sms, push, seal: aesVault(deriveKeys(secrets, 'push-keys')), digests, clock, ids, log };
        },
        [Inbox.uow, Inbox.queries, Inbox.sms, Inbox.push, Platform.secrets, Platform.clock, Platform.ids, Platform.log],
      )
      .inSingletonScope();
    bind(Inbox.useCases).toResolvedValue(createInbox, [Inbox.deps]).inSingletonScope();
    bind(Platform.routes)
      .toResolvedValue((useCases: UseCases) => inboxRoutes(useCases, deviceName), [Inbox.useCases])
      .inSingletonScope();
    bind(Platform.workers)
      .toResolvedValue(
        (deps: InboxDeps, committed: CommitSignal, log: Log) =>
          reaction({ name: 'notifications', wants: (type) => WAKING.includes(type), work: sendDispatches(deps) }, committed, log),
        [Inbox.deps, Platform.committed, Platform.log],
      )
      .inSingletonScope();
    bind(Platform.jobs).toResolvedValue(forgetNotices, [Inbox.deps]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Inbox.uow)
      .toResolvedValue(
        (platform: PostgresPlatform, queueing: QueueDeps) => postgresUnitOfWork(platform, postgresInbox(queueing)),
        [Platform.postgres, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Inbox.queries).toResolvedValue(postgresInboxQueries, [Platform.sql]).inSingletonScope();
    for (const subscriptionOf of inboxSubscriptions) {
      bind(Platform.postgresSubscriptions)
        .toResolvedValue(
          (ids: Ids) =>
            within(subscriptionOf({ ids }), (tx: PostgresTx) => ({
              ...postgresTelling(tx),
              told: postgresInboxTold(tx),
            })),
          [Platform.ids],
        )
        .inSingletonScope();
    }
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Inbox.uow)
      .toResolvedValue(
        (platform: MemoryPlatform, queueing: QueueDeps) =>
          memoryUnitOfWork(platform, (tx): InboxTx => {
            const mail = noticeMail(mailWithin(memoryEmails(tx), queueing), memoryTold(platform.store));
            return { ...memoryInbox(tx), people: memoryPeople(platform.store), mail };
          }),
        [Platform.memory, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Inbox.queries).toResolvedValue(memoryInboxQueries, [Platform.store]).inSingletonScope();
    for (const subscriptionOf of inboxSubscriptions) {
      bind(Platform.memorySubscriptions)
        .toResolvedValue(
          (ids: Ids, { store }: MemoryPlatform) =>
            within(subscriptionOf({ ids }), (tx: MemoryTx) => ({
              ...memoryInbox(tx),
              people: memoryPeople(store),
              told: memoryInboxTold(store),
            })),
          [Platform.ids, Platform.memory],
        )
        .inSingletonScope();
    }
  }),

  rows: INBOX_ROWS,
};
