import type { Container } from 'inversify';
import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runInRequest } from '#adapters/shared/request-context.ts';
import { ASKED_FOR_MAX, type Draft, mailWithin } from '#application/notifications/email/mail-within.ts';
import type { Delivery, Message } from '#application/notifications/email/ports.ts';
import { sendEmails } from '#application/notifications/email/send-emails.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { EMAIL_POLICY } from '#domain/notifications/email/email.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { eventsOf } from '../../support/events.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TESTS = system('test');
const NOT_NOW: Delivery = { outcome: 'refused', reason: 'answered 451', isPermanent: false, isNoMailbox: false };
const NEVER: Delivery = { outcome: 'refused', reason: 'answered 554', isPermanent: true, isNoMailbox: false };
const NOBODY: Delivery = { outcome: 'refused', reason: 'answered 550 5.1.1', isPermanent: true, isNoMailbox: true };
const AWAY: Delivery = { outcome: 'unreachable', reason: 'no answer' };

describe.each(PROFILES)('mail on %s', (profile) => {
  let world: World;
  let container: Container;
  let clock: VirtualClock;
  const carried: Message[] = [];
  let answer: (message: Message) => Promise<Delivery> | Delivery;

  beforeAll(async () => {
    clock = new VirtualClock(1_764_000_000_000);
    const transport = {
      async send(message: Message) {
        carried.push(message);
        return answer(message);
      },
      close: async () => undefined,
    };
    world = await startWorld(
      profile,
      clock.override(),
      new ContainerModule(({ rebind }) => void rebind(Notifications.transport).toConstantValue(transport)),
    );
    container = world.container;
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    answer = () => ({ outcome: 'sent' });
    clock.advance(4 * 24 * HOUR); // Whatever a test left behind is worth nothing any more.
    while ((await send()) > 0);
    carried.length = 0;
  });

  const send = () => container.get(Notifications.send)();
  const deps = () => container.get(Notifications.queueing);
  const draft = (changes: Partial<Draft> = {}): Draft => ({
    key: crypto.randomUUID(),
    to: `${crypto.randomUUID()}@example.com`,
    template: 'password_changed',
    facts: { name: 'Asha', at: 'secret-of-the-mail' },
    ...changes,
  });
  const queue = (...drafts: Draft[]) =>
    container.get(Notifications.uow).run(TESTS, async ({ emails }) => {
      for (const one of drafts) await mailWithin(emails, deps()).enqueue(one);
      return ok(undefined);
    });
  const newest = async (count = 1) => (await container.get(Notifications.queries).emails({}, { limit: count })).data;
  const suppress = (address: string, reason: 'manual' | 'unsubscribed') =>
    container.get(Notifications.emails).addSuppression({ address, reason, note: null }, TESTS);

  it('goes out once it is committed, and once for a key', async () => {
    const to = 'asha@example.com';
    await queue(draft({ key: 'once', to }), draft({ key: 'once', to }));
    await queue(draft({ key: 'once', to }));
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    expect(carried).toMatchObject([{ to, subject: 'Your password was changed', text: expect.stringContaining('secret-of-the-mail') }]);
  });

  it('carries the trace of what it tells of, or of the request it was queued in', async () => {
    const to = 'asha@example.com';
    answer = () => NOT_NOW;
    await runInRequest({ requestId: 'r', traceId: '0af7651916cd43dd8448eb211c80319c' }, () => queue(draft({ to })));
    await queue(draft({ to, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }));
    await queue(draft({ to }));
    const traces = ['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736', undefined];
    await send();
    clock.advance(MINUTE);
    await send();
    expect(carried.map(({ traceId }) => traceId)).toEqual([...traces, ...traces]);
    expect((await newest(3)).map(({ traceId }) => traceId ?? undefined)).toEqual(traces.toReversed());
  });

  it('does not go out when its transaction is refused', async () => {
    await container.get(Notifications.uow).run(TESTS, async ({ emails }) => {
      await mailWithin(emails, deps()).enqueue(draft());
      return err('no');
    });
    expect(await send()).toBe(0);
  });

  it('is tried three times under one id, and then no more', async () => {
    answer = () => NOT_NOW;
    await queue(draft());
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    clock.advance(MINUTE);
    expect(await send()).toBe(1);
    clock.advance(5 * MINUTE - 1);
    expect(await send()).toBe(0);
    clock.advance(1);
    expect(await send()).toBe(1);
    clock.advance(24 * HOUR);
    expect(await send()).toBe(0);
    expect(new Set(carried.map(({ id }) => id)).size).toBe(1);
    expect((await eventsOf(container)).at(-1)).toMatchObject({ type: 'notifications.email_failed', failure: 'exhausted', reason: 'answered 451' });
  });

  it('goes out when a later attempt succeeds, and is given up at once when it is refused for good', async () => {
    let attempt = 0;
    answer = () => (++attempt === 1 ? NOT_NOW : { outcome: 'sent' });
    await queue(draft());
    await send();
    clock.advance(MINUTE);
    await send();
    expect((await eventsOf(container)).at(-1)).toMatchObject({ type: 'notifications.email_sent', attempts: 2 });

    answer = () => NEVER;
    await queue(draft());
    await send();
    clock.advance(HOUR);
    expect(await send()).toBe(0);
    expect(await newest()).toMatchObject([{ status: 'failed', failure: 'refused', attempts: 1 }]);
  });

  it('goes once when two processes race over two hundred, whatever is refused meanwhile', async () => {
    await queue(...Array.from({ length: 200 }, () => draft()));
    let n = 0;
    answer = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ++n % 7 === 0 ? NOT_NOW : { outcome: 'sent' };
    };
    const others = [sendEmails(container.get(Notifications.deps)), sendEmails(container.get(Notifications.deps))];
    const drain = async () => {
      await Promise.all(
        others.map(async (one) => {
          while ((await one()) > 0);
        }),
      );
    };
    await drain();
    clock.advance(MINUTE);
    answer = () => ({ outcome: 'sent' });
    await drain();
    const gone = (await newest(100)).concat(
      (await container.get(Notifications.queries).emails({}, { limit: 100, after: (await newest(100)).at(-1)?.id as string })).data,
    );
    expect(gone).toHaveLength(200);
    expect(gone.every(({ status }) => status === 'sent')).toBe(true);
    const attempts = gone.reduce((sum, email) => sum + email.attempts, 0);
    expect(carried).toHaveLength(attempts); // Every attempt that was counted was made, and no other.
    expect(new Set(carried.map(({ id }) => id)).size).toBe(200);
  });

  it('is sent again, under the same id, when the process that took it never came back', async () => {
    await queue(draft());
    answer = () => Promise.reject(new Error('the process died here'));
    await expect(send()).rejects.toThrow('died');
    answer = () => ({ outcome: 'sent' });
    expect(await send()).toBe(0); // Its lease still runs.
    clock.advance(EMAIL_POLICY.leaseMs);
    expect(await send()).toBe(1);
    expect(new Set(carried.map(({ id }) => id)).size).toBe(1);
  });

  it('stays what its new owner makes of it, when who lost it comes back late', async () => {
    await queue(draft());
    let late: (delivery: Delivery) => void = () => undefined;
    answer = () => new Promise<Delivery>((resolve) => (late = resolve));
    const slow = sendEmails(container.get(Notifications.deps))();
    await expect.poll(() => carried.length).toBe(1);
    clock.advance(EMAIL_POLICY.leaseMs);
    answer = () => ({ outcome: 'sent' });
    expect(await send()).toBe(1);
    late(NEVER);
    await slow;
    expect(await newest()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });

  it('goes in order of what cannot wait', async () => {
    const key = () => crypto.randomUUID();
    const offers = Array.from({ length: 30 }, () => draft({ key: key(), template: 'offer', facts: { name: 'Asha' } }));
    await queue(...offers);
    clock.advance(1);
    await queue(draft({ template: 'receipt' }), draft({ template: 'reset_password' }));
    await send();
    expect(carried.slice(0, 2).map(({ subject }) => subject)).toEqual(['Set a new password', expect.stringContaining('Receipt')]);
    while ((await send()) > 0);
    expect(carried).toHaveLength(32);
  });

  it('is not sent when it is too late for it', async () => {
    await queue(draft({ template: 'order_ready', facts: { name: 'Asha' } }), draft({ expiresAt: clock.now() + 1 }));
    clock.advance(2 * HOUR);
    expect(await send()).toBe(2);
    expect(carried).toEqual([]);
    expect(await newest(2)).toMatchObject([{ failure: 'expired' }, { failure: 'expired', sealedFacts: '', attempts: 0 }]);
  });

  it('uses up nobody’s attempts while the server is away, and goes when it is back', async () => {
    await queue(...Array.from({ length: 30 }, () => draft()));
    answer = () => AWAY;
    for (let i = 0; i < 10; i++) {
      await send();
      clock.advance(5 * MINUTE);
    }
    expect(carried.length).toBeLessThan(30); // It was tried with few of them, not with all.
    expect((await newest(30)).every(({ status, attempts }) => status === 'pending' && attempts === 0)).toBe(true);
    answer = () => ({ outcome: 'sent' });
    carried.length = 0;
    for (let i = 0; i < 5; i++) {
      while ((await send()) > 0);
      clock.advance(5 * MINUTE);
    }
    expect(carried).toHaveLength(30);
    expect((await newest(30)).every(({ status, attempts }) => status === 'sent' && attempts === 1)).toBe(true);
  });

  it('is written to nobody who has no mailbox, once that is known, but for what they must know', async () => {
    const to = 'gone@example.com';
    await queue(draft({ to }));
    answer = () => NOBODY;
    await send();
    answer = () => ({ outcome: 'sent' });
    carried.length = 0;
    await queue(draft({ to, template: 'receipt' }), draft({ to, template: 'offer' }), draft({ to, template: 'security_notice' }));
    await send();
    expect(carried.map(({ subject }) => subject)).toEqual(['A change to the security of your account']);
    const { data } = await container.get(Notifications.queries).suppressions({ recipientDigest: deps().digest(to) }, { limit: 5 });
    expect(data).toMatchObject([{ reason: 'hard_bounce', note: 'answered 550 5.1.1', addedBy: 'system:send-emails' }]);
  });

  it('goes to who unsubscribed unless it is an offer, and to who is taken off the list again', async () => {
    const to = 'quiet@example.com';
    const added = await suppress(to, 'unsubscribed');
    await queue(draft({ to, template: 'receipt' }), draft({ to, template: 'offer' }));
    await send();
    expect(carried).toHaveLength(1);
    expect(await suppress(to, 'unsubscribed')).toMatchObject({ ok: false, error: { code: 'notifications.suppression_exists' } });
    const worse = await suppress(to, 'manual');
    if (!worse.ok || !added.ok) throw new Error('both were new');
    await queue(draft({ to, template: 'receipt' }));
    await send();
    expect(carried).toHaveLength(1);
    const gone = await container.get(Notifications.emails).removeSuppression({ suppressionId: added.value.id }, TESTS);
    expect(gone).toMatchObject({ ok: false, error: { code: 'notifications.suppression_not_found' } }); // A worse reason took its place.
    expect((await container.get(Notifications.emails).removeSuppression({ suppressionId: worse.value.id }, TESTS)).ok).toBe(true);
    await queue(draft({ to, template: 'offer' }));
    await send();
    expect(carried).toHaveLength(2);
    expect(carried[1]?.unsubscribeUrl).toMatch(/^http:\/\/thali\.test\/unsubscribe\/v1\./);
  });

  it('is put on the list once by many who do it at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => suppress('often@example.com', 'manual')));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('waits while it is paused, on every node', async () => {
    const { turnSending } = container.get(Notifications.emails);
    expect((await turnSending({ isPaused: true, reason: 'test' }, TESTS)).ok).toBe(true);
    expect(await turnSending({ isPaused: true, reason: null }, TESTS)).toMatchObject({
      ok: false,
      error: { code: 'notifications.sending_unchanged' },
    });
    await queue(draft());
    expect(await send()).toBe(0);
    expect(await sendEmails(container.get(Notifications.deps))()).toBe(0);
    expect((await turnSending({ isPaused: false, reason: null }, TESTS)).ok).toBe(true);
    expect(await send()).toBe(1);
  });

  it('is sent no more than ten times an hour to an address that strangers have us write to, and never withheld from its owner', async () => {
    const to = 'victim@example.com';
    for (let i = 0; i < ASKED_FOR_MAX + 5; i++) await queue(draft({ to, template: i % 2 ? 'reset_password' : 'verify_email' }));
    await queue(draft({ to, template: 'password_changed' }), draft({ template: 'reset_password' }));
    while ((await send()) > 0);
    expect(carried.filter((mail) => mail.to === to)).toHaveLength(ASKED_FOR_MAX + 1);
    expect(carried).toHaveLength(ASKED_FOR_MAX + 2);
    clock.advance(HOUR);
    await queue(draft({ to, template: 'reset_password' }));
    expect(await send()).toBe(1);
  });

  it('is tried again when an operator says so, one or all', async () => {
    const { retryEmail, retryFailedEmails } = container.get(Notifications.emails);
    answer = () => NEVER;
    await queue(draft({ template: 'receipt' }), draft({ template: 'receipt' }), draft({ template: 'refund' }), draft({ template: 'order_ready' }));
    while ((await send()) > 0);
    answer = () => ({ outcome: 'sent' });
    const [ready, refund] = await newest(4);
    expect((await retryEmail({ emailId: refund?.id as string }, TESTS)).ok).toBe(true);
    expect(await retryEmail({ emailId: refund?.id as string }, TESTS)).toMatchObject({
      ok: false,
      error: { code: 'notifications.email_not_failed' },
    });
    expect(await retryEmail({ emailId: crypto.randomUUID() }, TESTS)).toMatchObject({ ok: false, error: { code: 'notifications.email_not_found' } });
    expect(await retryFailedEmails({ template: 'receipt' }, TESTS)).toEqual({ ok: true, value: { retried: 2, hasMore: false } });
    clock.advance(3 * HOUR);
    expect(await retryEmail({ emailId: ready?.id as string }, TESTS)).toMatchObject({ ok: false, error: { code: 'notifications.email_gone' } });
    expect(await retryFailedEmails({ template: undefined }, TESTS)).toMatchObject({ value: { retried: 0 } });
    carried.length = 0;
    while ((await send()) > 0);
    expect(carried).toHaveLength(3);
  });

  it('is found by what is known of it, a page at a time', async () => {
    const { emails } = container.get(Notifications.queries);
    const to = 'found@example.com';
    const began = clock.now();
    for (const template of ['receipt', 'refund', 'receipt', 'receipt'] as const) {
      await queue(draft({ to, template }));
      clock.advance(MINUTE);
    }
    await queue(draft({ template: 'receipt' }));
    answer = () => NEVER;
    await send();
    const templatesOf = async (filter: Parameters<typeof emails>[0]) => (await emails(filter, { limit: 50 })).data.map(({ template }) => template);
    const recipientDigest = deps().digest(to);
    expect(await templatesOf({ recipientDigest })).toEqual(['receipt', 'receipt', 'refund', 'receipt']);
    expect(await templatesOf({ recipientDigest, template: 'refund' })).toEqual(['refund']);
    expect(await templatesOf({ recipientDigest, status: 'sent' })).toEqual([]);
    expect(await templatesOf({ from: began, to: began + 2 * MINUTE })).toEqual(['refund', 'receipt']);
    expect(await templatesOf({ status: 'failed', from: began + MINUTE, template: 'receipt' })).toHaveLength(3);
    const first = await emails({ recipientDigest }, { limit: 3 });
    const second = await emails({ recipientDigest }, { limit: 3, after: first.next as string });
    expect([...first.data, ...second.data].map(({ template }) => template)).toEqual(['receipt', 'receipt', 'refund', 'receipt']);
    expect(second.next).toBeNull();
    const all = await emails({ from: began }, { limit: 2 });
    expect((await emails({ from: began }, { limit: 10, after: all.next as string })).data).toHaveLength(3);
  });

  it('is counted', async () => {
    const { statistics } = container.get(Notifications.queries);
    const before = await statistics(clock.now());
    await queue(draft({ template: 'receipt' }), draft({ template: 'refund' }));
    const waiting = await statistics(clock.now());
    expect(waiting.oldestWaitingAt).toBe(clock.now());
    expect(await container.get(Notifications.queries).backlog()).toEqual({ count: 2, oldestAt: clock.now() });
    await send();
    const after = await statistics(clock.now());
    const sent = (counts: typeof after.counts, template: string) =>
      counts.find((one) => one.status === 'sent' && one.template === template)?.count ?? 0;
    expect(sent(after.counts, 'refund') - sent(before.counts, 'refund')).toBe(1);
    expect([after.oldestWaitingAt, after.sentLastMinute, after.sentLastHour]).toEqual([null, 2, 2]);
  });

  it('ends when it is too late for it, even where nobody sends; its link is dropped, and it is forgotten after a month', async () => {
    const forget = () =>
      container
        .getAll(Platform.jobs)
        .find(({ name }) => name === 'notifications-forget-emails')
        ?.run();
    answer = () => NEVER;
    await queue(draft({ key: 'refused' }));
    await send();
    await queue(draft({ key: 'waiting' }));
    await forget();
    expect(await newest(2)).toMatchObject([{ status: 'pending' }, { status: 'failed', sealedFacts: expect.stringMatching(/^v1/) }]);
    clock.advance(4 * 24 * HOUR);
    expect(await forget()).toBeGreaterThanOrEqual(2);
    expect(await newest(2)).toMatchObject([{ failure: 'expired' }, { failure: 'refused', sealedFacts: '' }]);
    answer = () => ({ outcome: 'sent' });
    clock.advance(31 * 24 * HOUR);
    expect(await forget()).toBeGreaterThanOrEqual(2);
    await queue(draft({ key: 'refused' })); // Its key is free again.
    expect(await send()).toBe(1);
  });

  it('keeps its text sealed while it waits, and not at all once it is gone', async () => {
    await queue(draft({ to: 'asha@example.com' }));
    const kept = async (): Promise<string> => {
      if (!container.isBound(Platform.sql)) return JSON.stringify([...container.get(Platform.store).table('notifications.emails')]);
      return JSON.stringify(await container.get(Platform.sql)()('select * from notifications.emails'));
    };
    const [email] = await newest();
    expect(email?.sealedFacts).toMatch(/^v1\./);
    expect(await kept()).not.toContain('secret-of-the-mail');
    await send();
    expect((await newest())[0]?.sealedFacts).toBe('');
    expect(JSON.stringify(await eventsOf(container))).not.toMatch(/secret-of-the-mail|asha@example/);
  });
});
