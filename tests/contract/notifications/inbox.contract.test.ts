import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notify, type Telling } from '#application/notifications/inbox/notify.ts';
import type { InboxTx } from '#application/notifications/inbox/ports.ts';
import { sendDispatches } from '#application/notifications/inbox/send-dispatches.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Inbox } from '#composition/modules/inbox.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { DISPATCH_LEASE_MS, Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import { DEFAULT_WISHES, Preferences, type Wishes } from '#domain/notifications/inbox/preferences.ts';
import { type Actor, system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { Bells } from '../../support/inbox.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Ten in the morning in Kolkata. */
const MORNING = Date.UTC(2026, 10, 27, 4, 30);
describe.each(PROFILES)('what people are told on %s', (profile) => {
  let world: World;
  const bells = new Bells();
  const clock = new VirtualClock(MORNING);
  let made = 0;
  beforeAll(async () => {
    world = await startWorld(profile, clock.override(), bells.override());
    await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop())); // The test sends.
  });
  afterAll(() => world?.close());

  const inbox = () => world.container.get(Inbox.useCases);
  const send = () => sendDispatches(world.container.get(Inbox.deps))();
  const run = <T>(work: (tx: InboxTx) => Promise<T>): Promise<T> =>
    world.container
      .get(Inbox.uow)
      .run(system('test'), async (tx) => ok(await work(tx)))
      .then(({ value }) => value);
  let person: { accountId: string; actor: Actor; phone: string };
  beforeEach(async () => {
    clock.advance(DAY - ((clock.now() - MORNING) % DAY)); // The next morning at ten.
    const n = ++made;
    const { accountId, token } = await world.account(`reader${n}@inbox.test`);
    const phone = `+9198765432${String(n).padStart(2, '0')}`;
    expect((await world.call('PATCH', '/me', { token, body: { phone } })).status).toBe(200);
    person = { accountId, phone, actor: { kind: 'account', accountId, sessionId: 's', permissions: [], grants: [] } };
  });

  const telling = (changes: Partial<Telling> = {}): Telling => ({
    key: `event-${Math.random()}`,
    accountId: person.accountId,
    restaurantId: null,
    category: 'orders',
    isCritical: false,
    createdAt: clock.now(),
    expiresAt: null,
    title: 'Ready',
    body: 'It waits for you.',
    link: '/track/1',
    ...changes,
  });
  const tell = (...tellings: Telling[]) => run((tx) => notify(tx, tellings, world.container.get(Platform.ids)));
  const wish = (changes: Partial<Wishes>) =>
    inbox().changePreferences({ wishes: { ...DEFAULT_WISHES, ...changes }, expectedVersion: undefined }, person.actor);
  const only = (category: keyof Wishes['channels'], ...channels: string[]) => ({
    ...DEFAULT_WISHES.channels,
    [category]: { email: channels.includes('email'), sms: channels.includes('sms'), push: channels.includes('push') },
  });
  const subscribe = async () => {
    const { endpoint, keys } = bells.push.subscribe();
    const subscription = must(await inbox().subscribeToPush({ address: { endpoint, ...keys }, device: 'Firefox' }, person.actor));
    return { endpoint, keys, id: subscription.id };
  };
  const texts = () => bells.sms.messages.filter(({ to }) => to === person.phone).map(({ text }) => text);
  const titles = async () => (await inbox().notices({}, { limit: 50 }, person.actor)).data.map(({ title }) => title);

  it('is told each of them once for each thing, however often and however many at once say it', async () => {
    await wish({ channels: only('orders', 'sms') });
    const one = telling({ key: 'the-same' });
    await Promise.all([tell(one), tell(one), tell(one)]);
    await tell(one, telling({ key: 'another', title: 'Another' }));
    expect(await titles()).toEqual(['Another', 'Ready']);
    await send();
    await send();
    expect(texts()).toHaveLength(2);
  });

  it('is read by its reader and by nobody else', async () => {
    await tell(telling({ title: 'a' }), telling({ title: 'b' }), telling({ title: 'c' }));
    const [newest, middle, oldest] = (await inbox().notices({}, { limit: 50 }, person.actor)).data;
    expect(await inbox().unread(person.actor)).toBe(3);
    const stranger: Actor = { kind: 'account', accountId: crypto.randomUUID(), sessionId: 's', permissions: [], grants: [] };
    expect(await inbox().readNotice({ noticeId: middle?.id as string }, stranger)).toMatchObject({ ok: false });
    expect(await inbox().readNotices({ upTo: newest?.id as string }, stranger)).toEqual(ok(0));
    must(await inbox().readNotice({ noticeId: oldest?.id as string }, person.actor));
    must(await inbox().readNotice({ noticeId: oldest?.id as string }, person.actor));
    expect((await inbox().notices({ unread: true }, { limit: 50 }, person.actor)).data.map(({ title }) => title)).toEqual(['c', 'b']);
    expect(must(await inbox().readNotices({ upTo: middle?.id as string }, person.actor))).toBe(1);
    expect(await inbox().unread(person.actor)).toBe(1);
    const page = await inbox().notices({}, { limit: 2 }, person.actor);
    expect((await inbox().notices({}, { limit: 2, after: page.next as string }, person.actor)).data).toMatchObject([
      { title: 'a', readAt: clock.now() },
    ]);
  });

  it('rings every browser of a person, and forgets those that are gone', async () => {
    await wish({ channels: only('orders', 'push') });
    const [one, other] = [await subscribe(), await subscribe()];
    await tell(telling({ title: 'first' }));
    await send();
    bells.push.forget(other.endpoint);
    await tell(telling({ title: 'second' }));
    await send();
    expect([bells.titles(one.endpoint), bells.titles(other.endpoint)]).toEqual([['first', 'second'], ['first']]);
    expect((await inbox().pushSubscriptions(person.actor)).map(({ id }) => id)).toEqual([one.id]);
  });

  it('rings a browser only for who subscribed there last', async () => {
    const { endpoint, keys } = await subscribe();
    const before = person.actor;
    const { accountId } = await world.account(`next${made}@inbox.test`);
    const next: Actor = { ...(before as Extract<Actor, { kind: 'account' }>), accountId };
    must(await inbox().subscribeToPush({ address: { endpoint, ...keys }, device: 'Firefox' }, next));
    expect(await inbox().pushSubscriptions(before)).toEqual([]);
    expect(await inbox().pushSubscriptions(next)).toHaveLength(1);
    expect(await inbox().subscribeToPush({ address: { endpoint: 'https://10.0.0.1/x', ...keys }, device: 'x' }, next)).toEqual(
      err({ code: 'notifications.push_address_refused' }),
    );
  });

  it('waits for the end of quiet hours, but for what cannot wait', async () => {
    await wish({ channels: only('orders', 'sms', 'push'), quietHours: { from: '09:00', to: '11:00' } });
    const { endpoint } = await subscribe();
    await tell(telling({ title: 'calm' }), telling({ title: 'now', isCritical: true }));
    await send();
    expect([texts().length, bells.titles(endpoint)]).toEqual([1, ['now']]);
    clock.advance(HOUR);
    await send();
    expect([texts().length, bells.titles(endpoint)]).toEqual([2, ['now', 'calm']]);
  });

  it('gathers what is wished gathered, and tells it in one go', async () => {
    await wish({ channels: only('stock', 'sms', 'push'), digests: { stock: 'hourly' } });
    const { endpoint } = await subscribe();
    for (const title of ['Rice', 'Dal', 'Tea']) await tell(telling({ title, category: 'stock' }));
    await Promise.all(['Salt', 'Oil'].map((title) => tell(telling({ title, category: 'stock' }))));
    await send();
    expect(texts()).toEqual([]);
    clock.advance(HOUR);
    await send();
    expect(bells.titles(endpoint)).toEqual(['5 news']);
    expect(texts()).toHaveLength(1);
    await tell(telling({ title: 'Later', category: 'stock' }));
    await tell(...['Ghee', 'Jeera'].map((title) => telling({ title, category: 'stock' })));
    clock.advance(HOUR);
    await send();
    expect(bells.titles(endpoint)).toEqual(['5 news', '3 news']);
  });

  it('asks once more before it rings: what was read, is not wished any more or has passed is not told', async () => {
    await wish({ channels: only('orders', 'sms'), quietHours: { from: '00:00', to: '23:59' } });
    await tell(
      telling({ title: 'read' }),
      telling({ title: 'passed', expiresAt: clock.now() + HOUR }),
      telling({ title: 'unwished', category: 'support' }),
    );
    const read = (await inbox().notices({}, { limit: 9 }, person.actor)).data.find(({ title }) => title === 'read');
    must(await inbox().readNotice({ noticeId: read?.id as string }, person.actor));
    await wish({ channels: { ...only('orders', 'sms'), support: { email: false, sms: false, push: false } } });
    clock.advance(24 * HOUR);
    await send();
    expect(texts()).toEqual([]);
  });

  it('tries again what was refused, and gives up in the end', async () => {
    await wish({ channels: only('orders', 'sms') });
    bells.sms.failNext(503, 2);
    await tell(telling());
    await send();
    await send();
    expect(texts()).toEqual([]);
    clock.advance(30_000);
    await send();
    clock.advance(2 * 60_000);
    await send();
    expect(texts()).toEqual(['Ready. It waits for you.']);
    bells.sms.failNext(503, 50);
    await tell(telling({ title: 'never' }));
    for (let n = 0; n < 8; n++) {
      await send();
      clock.advance(HOUR);
    }
    bells.sms.failNext(503, 0);
    await send();
    expect(texts()).toHaveLength(1);
  });

  it('is sent by exactly one of many, and taken up from who never came back', async () => {
    await wish({ channels: only('orders', 'sms') });
    await tell(...Array.from({ length: 20 }, (_, n) => telling({ title: `n${n}` })));
    await Promise.all([send(), send(), send(), send()]);
    expect(new Set(texts()).size).toBe(20);
    expect(texts()).toHaveLength(20);

    await tell(telling({ title: 'lost' }));
    await run(async ({ dispatches }) => {
      for (const due of await dispatches.due(clock.now(), 10)) await dispatches.save([Dispatch.claim(due, clock.now())]);
    });
    await send();
    expect(texts()).toHaveLength(20);
    clock.advance(DISPATCH_LEASE_MS);
    await send();
    expect(texts()).toHaveLength(21);
  });

  it('costs as many statements for many as for one, to plan and to take', async () => {
    await world.container.get(Platform.eventLog).stop(); // Nothing else is counted.
    const costOf = async (work: () => Promise<unknown>) => {
      const before = world.database.statements.count;
      await work();
      return world.database.statements.count - before;
    };
    const costs = async (...tellings: Telling[]) => {
      await wish({ channels: only('orders', 'sms') });
      const planning = await costOf(() => tell(...tellings));
      await wish({ channels: only('orders') }); // They are dropped when they are taken.
      return { planning, taking: await costOf(send) };
    };
    expect(await costs(...Array.from({ length: 30 }, (_, n) => telling({ title: `n${n}` })))).toEqual(await costs(telling()));
    await world.container.get(Platform.eventLog).start();
  });

  it('mails what is wished by mail, and is silent where there is no way', async () => {
    const nowhere = await world.account(`nowhere${made}@inbox.test`);
    await tell(telling({ category: 'support', title: 'A word' }), telling({ accountId: nowhere.accountId, category: 'staff' }));
    await send();
    await world.container.get(Notifications.send)();
    const mails = world.container
      .get(Notifications.outbox)
      .list()
      .filter(({ to }) => to === `reader${made}@inbox.test`);
    expect(mails.map(({ subject }) => subject)).toContain('A word');
  });

  it('keeps what people wish, from who has seen the last', async () => {
    const first = must(await wish({ timeZone: 'Europe/Berlin' }));
    expect(first).toMatchObject({ version: 1, timeZone: 'Europe/Berlin' });
    expect(await inbox().preferences(person.actor)).toEqual(first);
    expect(await inbox().changePreferences({ wishes: DEFAULT_WISHES, expectedVersion: 0 }, person.actor)).toMatchObject({ ok: false });
    const stale = must(Preferences.change({ ...first, version: 0 }, DEFAULT_WISHES, undefined, 0));
    await expect(run(({ preferences }) => preferences.save(stale))).rejects.toThrow(WriteConflict);
  });

  it('is forgotten after three months, and how it was told with it', async () => {
    await wish({ channels: only('orders', 'sms') });
    await tell(telling({ title: 'old' }));
    await send();
    clock.advance(91 * 24 * HOUR);
    await tell(telling({ title: 'new' }));
    const job = world.container.getAll(Platform.jobs).find(({ name }) => name === 'notifications-forget-notices');
    expect(await job?.run()).toBeGreaterThanOrEqual(1);
    expect(await titles()).toEqual(['new']);
    expect(await job?.run()).toBe(0);
  });
});
