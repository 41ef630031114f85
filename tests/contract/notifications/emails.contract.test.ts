import type { Container } from 'inversify';
import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailWithin } from '#application/notifications/mail-within.ts';
import type { Delivery, Message } from '#application/notifications/ports.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { LEASE_MS } from '#domain/notifications/email.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { eventsOf } from '../../support/events.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const TESTS = system('test');

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
    clock.advance(60 * MINUTE);
    while ((await send()) > 0);
    carried.length = 0;
  });

  const send = () => container.get(Notifications.send)();
  const deps = () => ({ vault: container.get(Notifications.vault), clock, ids: container.get(Platform.ids) });
  const draft = (key: string = crypto.randomUUID()) => ({
    key,
    to: 'asha@example.com',
    template: 'reset_password' as const,
    facts: { name: 'Asha', link: 'https://eat.test/reset-password#token=secret-of-the-mail', minutes: '60' },
  });
  const queue = (...drafts: ReturnType<typeof draft>[]) =>
    container.get(Notifications.uow).run(TESTS, async ({ emails }) => {
      for (const one of drafts) await mailWithin(emails, deps()).enqueue(one);
      return ok(undefined);
    });

  it('goes out once it is committed, and once for a key', async () => {
    await queue(draft('once'), draft('once'));
    await queue(draft('once'));
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    expect(carried).toMatchObject([{ to: 'asha@example.com', subject: 'Set a new password', text: expect.stringContaining('secret-of-the-mail') }]);
  });

  it('does not go out when its transaction is refused', async () => {
    await container.get(Notifications.uow).run(TESTS, async ({ emails }) => {
      await mailWithin(emails, deps()).enqueue(draft());
      return err('no');
    });
    expect(await send()).toBe(0);
  });

  it('is tried three times under one id, and then no more', async () => {
    answer = () => ({ outcome: 'refused', reason: 'answered 451', isPermanent: false });
    await queue(draft());
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    clock.advance(MINUTE);
    expect(await send()).toBe(1);
    clock.advance(5 * MINUTE - 1);
    expect(await send()).toBe(0);
    clock.advance(1);
    expect(await send()).toBe(1);
    clock.advance(24 * 60 * MINUTE);
    expect(await send()).toBe(0);
    expect(new Set(carried.map(({ id }) => id)).size).toBe(1);
    expect((await eventsOf(container)).at(-1)).toMatchObject({ type: 'notifications.email_failed', reason: 'answered 451' });
  });

  it('goes out when a later attempt succeeds, and is given up at once when it is refused for good', async () => {
    let attempt = 0;
    answer = () => (++attempt === 1 ? { outcome: 'refused', reason: 'no answer', isPermanent: false } : { outcome: 'sent' });
    await queue(draft());
    await send();
    clock.advance(MINUTE);
    await send();
    expect((await eventsOf(container)).at(-1)).toMatchObject({ type: 'notifications.email_sent', attempts: 2 });

    answer = () => ({ outcome: 'refused', reason: 'answered 550', isPermanent: true });
    await queue(draft());
    await send();
    clock.advance(60 * MINUTE);
    expect(await send()).toBe(0);
  });

  it('is sent by one of five who look at once', async () => {
    await queue(...Array.from({ length: 10 }, () => draft()));
    await Promise.all(Array.from({ length: 5 }, send));
    expect(carried).toHaveLength(10);
    expect(new Set(carried.map(({ id }) => id)).size).toBe(10);
  });

  it('is sent again, under the same id, when the process that took it never came back', async () => {
    await queue(draft());
    answer = () => Promise.reject(new Error('the process died here'));
    await expect(send()).rejects.toThrow('died');
    answer = () => ({ outcome: 'sent' });
    expect(await send()).toBe(0); // Its lease still runs.
    clock.advance(LEASE_MS);
    expect(await send()).toBe(1);
    expect(new Set(carried.map(({ id }) => id)).size).toBe(1);
  });

  it('is forgotten a month after it went, and not while it waits', async () => {
    const forget = () =>
      container
        .getAll(Platform.jobs)
        .find(({ name }) => name === 'notifications-forget-emails')
        ?.run();
    await queue(draft('forgotten'));
    clock.advance(31 * 24 * 60 * MINUTE);
    await forget();
    expect(await send()).toBe(1);
    expect(await forget()).toBeGreaterThan(0);
    await queue(draft('forgotten')); // Its key is free again.
    expect(await send()).toBe(1);
  });

  it('keeps its text sealed while it waits, and not at all once it is gone', async () => {
    await queue(draft());
    const kept = async (): Promise<string> => {
      if (!container.isBound(Platform.sql)) return JSON.stringify([...container.get(Platform.store).table('notifications.emails')]);
      return JSON.stringify(await container.get(Platform.sql)()('select * from notifications.emails'));
    };
    expect(await kept()).toContain('v1.');
    expect(await kept()).not.toContain('secret-of-the-mail');
    await send();
    expect(await kept()).not.toContain('v1.');
    expect(JSON.stringify(await eventsOf(container))).not.toMatch(/secret-of-the-mail|asha@example/);
  });
});
