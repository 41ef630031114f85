import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '#application/notifications/email/ports.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Webhooks } from '#composition/modules/webhooks.ts';
import { configured } from '../../support/config.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { openReceiver, status, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const DAY = 24 * 3_600_000;
const SECRET = 'a-secret-of-the-receiver';

describe.each(PROFILES)('a webhook that we switch off on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let receiver: WebhookReceiver;
  let webhook: Json;
  let at: string;
  const seen = new Set<string>();
  const clock = new VirtualClock(1_764_000_000_000);
  const staff = { manager: 'manager@off.test', cashier: 'cashier@off.test' };

  beforeAll(async () => {
    world = await startWorld(profile, clock.override(), configured({ webhooks: { ports: [443], allowsLoopback: true } }));
    kitchen = await openKitchen(world);
    at = `/restaurants/${kitchen.restaurantId}/webhooks`;
    for (const [role, email] of Object.entries(staff)) {
      await world.account(email);
      expect((await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email, role }, kitchen.owner)).status).toBe(201);
    }
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    receiver = await openReceiver();
    await kitchen.signIn();
    const body = { url: `${receiver.url}/${SECRET}?token=${SECRET}`, description: 'The till', eventTypes: ['order.created'] };
    webhook = (await world.post(at, body, kitchen.owner)).body;
    for (const { id } of await mails()) seen.add(id);
  });
  afterEach(async () => {
    await kitchen.signIn();
    await world.call('DELETE', `${at}/${webhook.id}`, { token: kitchen.owner });
    await receiver.close();
  });

  const settle = async () => {
    for (let i = 0; i < 3; i++) await world.container.get(Platform.eventLog).settle(); // What follows may have something follow it.
  };
  async function mails(): Promise<readonly Message[]> {
    await settle();
    while ((await world.container.get(Notifications.send)()) > 0);
    const sent = world.container.get(Notifications.outbox).list();
    return sent.filter(({ id, subject }) => !seen.has(id) && subject.includes('webhook')).toReversed();
  }
  const notices = async (email: string): Promise<Json[]> => {
    await settle();
    const { data } = (await world.get('/me/notifications?limit=50', await world.signIn(email))).body;
    return data.filter(({ link }: Json) => link?.includes(webhook.id));
  };
  const order = async () => void (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer));
  const isOff = (reason: string) =>
    vi.waitFor(
      async () => {
        world.container.get(Webhooks.dispatcher).nudge();
        expect((await world.get(`${at}/${webhook.id}`, kitchen.owner)).body).toMatchObject({ status: 'disabled', disabledFor: reason });
      },
      { timeout: 15_000, interval: 10 },
    );
  async function goneAway(): Promise<void> {
    receiver.behave = status(410);
    await order();
    await isOff('gone');
  }

  it('for 410 is told to its owners and managers once, by mail and in the app, and to nobody else', async () => {
    await goneAway();
    const host = new URL(receiver.url).host;
    const sent = await mails();
    expect(sent.map(({ to }) => to).sort()).toEqual([staff.manager, kitchen.people.owner].sort());
    const link = `http://thali.test/restaurants/${kitchen.restaurantId}/webhooks/${webhook.id}`;
    for (const { subject, text, html } of sent) {
      expect(subject).toBe(`The webhook at ${host} is switched off`);
      for (const part of ['Annapurna', host, '“The till”', '410 Gone', 'IST', 'is not kept', link]) expect(text).toContain(part);
      for (const secret of [SECRET, webhook.secret, '/hook']) expect(`${text}${html}`).not.toContain(secret);
    }
    for (const email of [kitchen.people.owner, staff.manager])
      expect(await notices(email)).toMatchObject([
        {
          title: `The webhook at ${host} is switched off`,
          body: 'Annapurna: it answered that nobody is there.',
          category: 'security',
          link: new URL(link).pathname,
        },
      ]);
    expect([await notices(staff.cashier), await notices(kitchen.people.customer)]).toEqual([[], []]);

    for (const name of ['notifications-webhook-mails', 'notifications-webhook-disabled'])
      expect(await world.container.get(Platform.eventLog).replay(name)).toBe(true);
    expect([await mails(), await notices(kitchen.people.owner)]).toMatchObject([sent, { length: 1 }]);

    await world.post(`${at}/${webhook.id}/activation`, undefined, kitchen.owner);
    await goneAway();
    expect([await mails(), await notices(staff.manager)]).toMatchObject([{ length: 4 }, { length: 2 }]);
  });

  it('for failing is told when three days are over, and that what it misses is kept', async () => {
    receiver.behave = status(500);
    await order();
    const [attempts, day] = [() => receiver.received.length, 3];
    await vi.waitFor(() => expect(attempts()).toBe(1), { timeout: 15_000 });
    for (let passed = 0; passed < day; passed++) {
      expect(await mails()).toEqual([]);
      const before = attempts();
      clock.advance(DAY);
      await kitchen.signIn();
      await vi.waitFor(
        () => {
          world.container.get(Webhooks.dispatcher).nudge();
          expect(attempts()).toBeGreaterThan(before);
        },
        { timeout: 15_000, interval: 10 },
      );
    }
    await isOff('failing');
    const [first, ...others] = await mails();
    expect(others).toHaveLength(1);
    for (const part of ['For three days it took nothing', 'is kept for it', 'replay what it missed']) expect(first?.text).toContain(part);
    expect(await notices(kitchen.people.owner)).toMatchObject([{ body: 'Annapurna: it took nothing for three days.' }]);
  });

  it('is told to nobody when its owner did it, when it is on again by then, or a week too late', async () => {
    expect((await world.post(`${at}/${webhook.id}/deactivation`, undefined, kitchen.owner)).status).toBe(200);
    expect([await mails(), await notices(kitchen.people.owner)]).toEqual([[], []]);
    await world.post(`${at}/${webhook.id}/activation`, undefined, kitchen.owner);

    let answer = (): void => expect.unreachable('nothing came');
    receiver.behave = (...[, response]) => {
      answer = () => void response.writeHead(410).end();
    };
    await order();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 15_000 });
    const log = world.container.get(Platform.eventLog);
    await log.stop(); // Nobody follows the log for a while.
    answer();
    await isOff('gone');
    expect((await world.post(`${at}/${webhook.id}/activation`, undefined, kitchen.owner)).status).toBe(200);
    await log.start();
    expect([await mails(), await notices(kitchen.people.owner)]).toEqual([[], []]);

    await goneAway();
    await settle(); // The mail is queued, and no mail server takes any for a week.
    clock.advance(7 * DAY);
    expect(await mails()).toEqual([]);
    await kitchen.signIn();
    expect(await notices(kitchen.people.owner)).toHaveLength(1);
  });
});
