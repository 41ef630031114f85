import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMAIL_INVARIANTS } from '#adapters/postgres/notifications/email/invariants.ts';
import { INBOX_INVARIANTS } from '#adapters/postgres/notifications/inbox/invariants.ts';
import { type Draft, mailWithin } from '#application/notifications/email/mail-within.ts';
import type { Delivery, Message } from '#application/notifications/email/ports.ts';
import { notify, type Telling } from '#application/notifications/inbox/notify.ts';
import { sendDispatches } from '#application/notifications/inbox/send-dispatches.ts';
import { Inbox } from '#composition/modules/inbox.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { DISPATCH_LEASE_MS, Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import { type Channel, DEFAULT_WISHES, type Wishes } from '#domain/notifications/inbox/preferences.ts';
import { type Actor, system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { broken } from '../../support/doctor.ts';
import { Bells } from '../../support/inbox.ts';
import { openKitchen } from '../../support/kitchen.ts';
import { must } from '../../support/must.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const TESTS = system('test');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Ten in the morning in Kolkata. */
const MORNING = Date.UTC(2026, 10, 27, 4, 30);
const PROMISES = [...INBOX_INVARIANTS, ...EMAIL_INVARIANTS];

describe.each(SQL_PROFILES)('the promises of the inbox and of mail on %s', (profile) => {
  let world: World;
  const bells = new Bells();
  const clock = new VirtualClock(MORNING);
  /** What the mail server says of an address; undefined is a server that dies. */
  const answers = new Map<string, Delivery | undefined>();

  beforeAll(async () => {
    const transport = {
      async send({ to }: Message): Promise<Delivery> {
        const answer: Delivery | undefined = answers.has(to) ? answers.get(to) : { outcome: 'sent' };
        if (!answer) throw new Error('the process died here');
        return answer;
      },
      close: async () => undefined,
    };
    world = await startWorld(
      profile,
      clock.override(),
      bells.override(),
      new ContainerModule(({ rebind }) => void rebind(Notifications.transport).toConstantValue(transport)),
    );
    await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop())); // The test sends.
    await ordersAreToldOf();
    await peopleAreTold();
    await mailIsSent();
    await world.container.get(Platform.eventLog).settle();
    await world.container.get(Platform.eventLog).stop();
  });
  afterAll(() => world?.close());

  const inbox = () => world.container.get(Inbox.useCases);
  const ring = () => sendDispatches(world.container.get(Inbox.deps))();
  const mail = () => world.container.get(Notifications.send)();
  const job = (name: string) => world.container.getAll(Platform.jobs).find((one) => one.name === name);

  let people = 0;
  type Person = { readonly accountId: string; readonly actor: Actor; readonly phone: string };
  async function person(wishes: Partial<Wishes> = {}): Promise<Person> {
    const { accountId, token } = await world.account(`reader${++people}@inbox.test`);
    const phone = `+9198765432${String(people).padStart(2, '0')}`;
    await world.call('PATCH', '/me', { token, body: { phone } });
    const actor: Actor = { kind: 'account', accountId, sessionId: 's', permissions: [], grants: [] };
    must(await inbox().changePreferences({ wishes: { ...DEFAULT_WISHES, ...wishes }, expectedVersion: undefined }, actor));
    return { accountId, actor, phone };
  }
  const by = (...channels: readonly Channel[]): Partial<Wishes> => ({
    channels: {
      ...DEFAULT_WISHES.channels,
      stock: { email: channels.includes('email'), sms: channels.includes('sms'), push: channels.includes('push') },
    },
  });
  const tell = ({ accountId }: Person, changes: Partial<Telling> = {}) =>
    world.container.get(Inbox.uow).run(TESTS, async (tx) => {
      const about = {
        restaurantId: null,
        category: 'stock',
        isCritical: false,
        expiresAt: null,
        title: 'Rice',
        body: 'It runs low.',
        link: null,
      } as const;
      const telling: Telling = { key: crypto.randomUUID(), accountId, createdAt: clock.now(), ...about, ...changes };
      await notify(tx, [telling, telling], world.container.get(Platform.ids));
      return ok(undefined);
    });
  const subscribe = async ({ actor }: Person): Promise<string> => {
    const { endpoint, keys } = bells.push.subscribe();
    must(await inbox().subscribeToPush({ address: { endpoint, ...keys }, device: 'Firefox' }, actor));
    return endpoint;
  };

  /** An order of a real kitchen, of which both sides are told, three months ago and now. */
  async function ordersAreToldOf(): Promise<void> {
    const kitchen = await openKitchen(world);
    for (const wait of [91 * DAY, 0]) {
      await kitchen.signIn();
      const order = (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body;
      for (const action of ['acceptance', 'preparation', 'readiness']) await kitchen.act(order.id, action);
      await world.container.get(Platform.eventLog).settle();
      await ring();
      await mail();
      clock.advance(wait);
      expect(Number(await job('notifications-forget-notices')?.run()) > 0).toBe(wait > 0);
      await job('notifications-forget-emails')?.run();
    }
  }

  /** Gathered, in quiet hours, read, unwished, too late, refused, gone, lost and waiting. */
  async function peopleAreTold(): Promise<void> {
    const gathering = await person({ ...by('email', 'push'), digests: { stock: 'hourly' } });
    await subscribe(gathering);
    for (let n = 0; n < 3; n++) await tell(gathering);
    const calm = await person({ ...by('sms'), quietHours: { from: '09:00', to: '11:00' } });
    await tell(calm);
    await tell(calm, { isCritical: true });
    clock.advance(HOUR);
    await ring();
    await tell(gathering); // The next window, which does not end here.

    const reading = await person(by('sms'));
    for (let n = 0; n < 3; n++) await tell(reading);
    const [newest, middle] = (await inbox().notices({}, { limit: 9 }, reading.actor)).data;
    must(await inbox().readNotice({ noticeId: newest?.id as string }, reading.actor));
    must(await inbox().readNotices({ upTo: middle?.id as string }, reading.actor));
    const unwishing = await person(by('sms'));
    await tell(unwishing);
    must(await inbox().changePreferences({ wishes: { ...DEFAULT_WISHES, ...by('email') }, expectedVersion: undefined }, unwishing.actor));
    const late = await person(by('sms'));
    await tell(late, { expiresAt: clock.now() + 1 });
    clock.advance(MINUTE);
    await ring();

    const ringing = await person(by('push'));
    const [, other] = [await subscribe(ringing), await subscribe(ringing)];
    bells.push.forget(other);
    await tell(ringing);
    await ring();
    const gone = await person(by('push'));
    await subscribe(gone);
    await tell(gone);
    const [browser] = await inbox().pushSubscriptions(gone.actor);
    must(await inbox().unsubscribeFromPush({ subscriptionId: browser?.id as string }, gone.actor));
    await ring();
    const refused = await person(by('sms'));
    bells.sms.failNext(503, 50);
    await tell(refused);
    for (let n = 0; n < 6; n++) {
      await ring();
      clock.advance(HOUR);
    }
    const lost = await person(by('sms'));
    await tell(lost);
    for (let n = 0; n < 6; n++) {
      await world.container.get(Inbox.uow).run(TESTS, async ({ dispatches }) => {
        for (const due of await dispatches.due(clock.now(), 10)) await dispatches.save([Dispatch.claim(due, clock.now())]);
        return ok(undefined);
      });
      clock.advance(DISPATCH_LEASE_MS);
    }
    await tell(refused); // Waits for its second attempt.
    await ring();
    await tell(lost); // With a process that does not come back.
    await world.container.get(Inbox.uow).run(TESTS, async ({ dispatches }) => {
      for (const due of await dispatches.due(clock.now(), 10)) await dispatches.save([Dispatch.claim(due, clock.now())]);
      return ok(undefined);
    });
  }

  const queue = (to: string, changes: Partial<Draft> = {}) =>
    world.container.get(Notifications.uow).run(TESTS, async ({ emails }) => {
      const draft = { key: crypto.randomUUID(), to: `${to}@mail.test`, template: 'low_stock' as const, facts: { name: 'Asha' }, ...changes };
      await mailWithin(emails, world.container.get(Notifications.queueing)).enqueue(draft);
      return ok(undefined);
    });

  /** Sent, refused in every way, kept back, too late, lost and waiting; and all that operators do about it. */
  async function mailIsSent(): Promise<void> {
    const operations = world.container.get(Notifications.emails);
    while ((await mail()) > 0);
    const refused = { outcome: 'refused', reason: 'no', isPermanent: false, isNoMailbox: false } as const;
    answers.set('later@mail.test', refused);
    answers.set('never@mail.test', { ...refused, isPermanent: true });
    answers.set('nobody@mail.test', { ...refused, isPermanent: true, isNoMailbox: true });
    answers.set('dying@mail.test', undefined);
    const suppress = async (name: string) =>
      must(await operations.addSuppression({ address: `${name}@mail.test`, reason: 'manual', note: null }, TESTS));
    await suppress('listed');
    must(await operations.removeSuppression({ suppressionId: (await suppress('unlisted')).id }, TESTS));
    for (const to of ['fine', 'later', 'never', 'nobody', 'listed', 'unlisted']) await queue(to);
    await queue('listed', { template: 'password_changed' });
    await queue('late', { expiresAt: clock.now() });
    await operations.sendTest({ to: 'test@mail.test', template: 'receipt' }, TESTS);
    for (let n = 0; n < 4; n++) {
      await mail();
      clock.advance(10 * MINUTE);
    }
    must(await operations.retryFailedEmails({ template: 'low_stock' }, TESTS)); // Those fail anew.
    await mail();
    await queue('dying');
    for (let n = 0; n < 5; n++) {
      await mail().catch(() => undefined);
      clock.advance(10 * MINUTE);
    }
    must(await operations.turnSending({ isPaused: true, reason: 'a look at it' }, TESTS));
    must(await operations.turnSending({ isPaused: false, reason: null }, TESTS));
    const recipients = ['fine', 'listed', 'fine', 'later'].map((to) => ({ email: `${to}@mail.test`, name: to, fields: {} }));
    const text = { subject: 'Closed', text: 'We rest.', button: null };
    must(await operations.queueCampaign({ template: 'announcement', text, recipients, expiresAt: undefined, key: 'k', fingerprint: 'f' }, TESTS));
    await mail();
    answers.set('away@mail.test', { outcome: 'unreachable', reason: 'no answer' });
    await queue('away');
    await mail();
    clock.advance(10 * MINUTE);
    answers.set('away@mail.test', undefined);
    await mail().catch(() => undefined); // It died with it.
    await queue('waiting');
  }

  it('are kept by everything that people were told', async () => {
    expect(await broken(world, PROMISES)).toEqual([]);
    const sql = world.container.get(Platform.sql)();
    const kinds = async (table: string, kind: string) =>
      (await sql<{ kind: string }>(`select distinct ${kind} as kind from ${table} order by kind`)).map((row) => row.kind);
    expect(await kinds('notifications.dispatches', 'status')).toEqual(['dropped', 'pending', 'processing', 'sent']);
    expect(await kinds('platform.events', `coalesce(data ->> 'why', '')`)).toEqual(['', 'expired', 'refused', 'unreachable', 'unwanted']);
    expect(await kinds('notifications.emails', `status || coalesce(' ' || failure, '')`)).toEqual([
      'failed exhausted',
      'failed expired',
      'failed lost',
      'failed refused',
      'failed suppressed',
      'pending',
      'processing',
      'sent',
    ]);
  });

  const [NOTICES, DISPATCHES, EMAILS] = ['notices', 'dispatches', 'emails'].map((table) => `update notifications.${table} set`);
  const BREAKS: readonly (readonly [string, string])[] = [
    ['notices-are-their-events', `${NOTICES} version = version + 1`],
    ['notices-are-their-events', `${NOTICES} read_at = now() where read_at is null`],
    ['notices-are-their-events', `${NOTICES} read_at = null where read_at is not null`],
    ['notices-are-their-events', `${NOTICES} account_id = gen_random_uuid()`],
    ['notices-are-their-events', `${NOTICES} restaurant_id = gen_random_uuid()`],
    ['notices-are-their-events', `${NOTICES} created_at = now()`],
    ['preferences-are-their-events', `update notifications.preferences set wishes = jsonb_set(wishes, '{channels,stock,sms}', '"maybe"')`],
    ['preferences-are-their-events', 'update notifications.preferences set version = version + 1'],
    ['dispatches-are-their-events', `${DISPATCHES} version = version + 1`],
    ['dispatches-are-their-events', `${DISPATCHES} status = 'pending' where status = 'sent'`],
    ['dispatches-are-their-events', `${DISPATCHES} status = 'sent' where status = 'dropped'`],
    ['dispatches-are-their-events', `${DISPATCHES} status = 'sent' where status = 'pending'`],
    ['dispatches-are-their-events', `${DISPATCHES} attempts = 0 where status = 'processing'`],
    ['dispatches-are-their-events', `${DISPATCHES} attempts = attempts + 1 where status = 'sent' and attempts = 1`],
    ['dispatches-are-their-events', `${DISPATCHES} channel = 'email' where channel <> 'email'`],
    [
      'notices-go-out-once',
      `${DISPATCHES} notice_ids = notice_ids || (select d.notice_ids from notifications.dispatches d where channel = 'sms' limit 1) where channel = 'sms'`,
    ],
    ['notices-go-out-once', `${DISPATCHES} account_id = gen_random_uuid()`],
    ['notices-go-out-once', `${DISPATCHES} is_critical = not is_critical`],
    ['browsers-are-rung-for-one', 'update notifications.push_subscriptions set version = 9'],
    [
      'browsers-are-rung-for-one',
      `insert into notifications.push_subscriptions (id, key, account_id, sealed_address, device, subscribed_at, version)
         select gen_random_uuid(), gen_random_uuid()::text, account_id, sealed_address, device, subscribed_at, version
         from notifications.push_subscriptions cross join generate_series(1, 20)`,
    ],
    ['mails-are-their-events', `${EMAILS} version = version + 1`],
    ['mails-are-their-events', `${EMAILS} template = 'welcome' where template <> 'welcome'`],
    ['mails-are-their-events', `${EMAILS} status = 'pending', ended_at = null, sealed_facts = 'x' where status = 'sent'`],
    ['mails-are-their-events', `${EMAILS} status = 'sent', ended_at = now(), sealed_facts = '' where status = 'pending'`],
    ['mails-are-their-events', `${EMAILS} failure = 'lost' where failure = 'refused'`],
    ['mails-are-their-events', `${EMAILS} ended_at = now() where status = 'sent'`],
    ['mails-are-their-events', `${EMAILS} attempts = 3 where status = 'sent'`],
    ['mails-keep-their-time', `${EMAILS} due_at = queued_at - interval '1 second' where status = 'pending'`],
    ['mails-keep-their-time', `${EMAILS} attempts = 0 where status = 'processing'`],
    ['mails-keep-their-time', `${EMAILS} attempts = 0 where failure = 'exhausted'`],
    ['mails-keep-their-time', `${EMAILS} sealed_facts = 'x' where failure = 'expired'`],
    ['mails-keep-their-time', `${EMAILS} expires_at = expires_at + interval '1 year' where failure = 'expired'`],
    ['nobody-is-locked-out-by-a-list', `${EMAILS} template = 'password_changed' where failure = 'suppressed'`],
    ['mails-of-many-are-of-a-campaign', `${EMAILS} campaign_id = gen_random_uuid() where campaign_id is not null`],
    ['mails-of-many-are-of-a-campaign', 'update notifications.email_campaigns set recipients = 1'],
    ['mails-of-many-are-of-a-campaign', `update notifications.email_campaigns set template = 'offer'`],
    ['what-governs-mail-is-its-events', `update notifications.suppressions set reason = 'unsubscribed'`],
    ['what-governs-mail-is-its-events', 'update notifications.suppressions set version = 2'],
    ['what-governs-mail-is-its-events', 'update notifications.email_campaigns set version = 2'],
    ['what-governs-mail-is-its-events', `update notifications.email_sending set version = 7`],
    ['what-governs-mail-is-its-events', `update notifications.email_sending set reason = 'none'`],
  ];

  it.each(BREAKS)('%s is missed by the doctor after %s', async (id, statement) => {
    expect(await broken(world, PROMISES, statement)).toContain(id);
  });

  it('leave no promise untried', () => {
    expect(new Set(BREAKS.map(([id]) => id))).toEqual(new Set(PROMISES.map(({ id }) => id)));
  });
});
