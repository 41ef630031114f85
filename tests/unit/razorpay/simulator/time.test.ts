import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { simulated } from '../../../support/razorpay-world.ts';

const QUICK = { webhookLatencySeconds: [0, 0.02], refundSeconds: 0.05, noAnswerSeconds: 0.05 } as const;

describe('the simulator’s time', () => {
  it('is real when it is given a clock: what is due happens by itself', async () => {
    const { pay, control, received } = simulated({ clock: { now: () => Date.now() }, settings: QUICK });
    const { payment_id } = await pay();
    control.refund(payment_id, 1_000);
    await pay({ outcome: 'no_bank_answer' });
    await expect
      .poll(() => received.map(({ event }) => event), { timeout: 3_000 })
      .toEqual(expect.arrayContaining(['payment.captured', 'refund.processed', 'payment.failed']));
    await control.idle();
    await expect(control.advance(1)).rejects.toThrow('not ours to move');
    control.close();
    const before = received.length;
    await pay();
    control.close();
    await sleep(60);
    expect(received).toHaveLength(before);
  });

  it('follows somebody else’s clock without timers, when it is told to look', async () => {
    let now = Date.UTC(2026, 5, 1);
    const { pay, control, received } = simulated({ clock: { now: () => now }, timers: false, seed: 1 });
    await pay({ outcome: 'no_bank_answer' });
    now += 601_000;
    expect(received).toEqual([]);
    await control.runDue();
    now += 5_000;
    await control.runDue();
    expect(received).toMatchObject([{ event: 'payment.failed' }]);
    expect(control.now()).toBe(now);
  });

  it('gives other ids with every start when it is real, and the same with a seed', async () => {
    const idOf = async (options: object) => simulated(options).order();
    const clock = { now: () => 0 };
    expect(await idOf({ clock, seed: undefined })).not.toBe(await idOf({ clock, seed: undefined }));
    expect(await idOf({ seed: 4 })).toBe(await idOf({ seed: 4 }));
  });

  it('is not held up by a receiver that never answers', async () => {
    const { pay, control, received } = simulated({ clock: { now: () => Date.now() }, settings: QUICK }, ({ event }) =>
      event === 'payment.authorized' ? new Promise<number>(() => undefined) : 200,
    );
    await pay();
    await expect.poll(() => received.length, { timeout: 2_000 }).toBe(3);
    control.close();
  });

  it('brings the money to the bank after some days, when it is told to', async () => {
    const { pay, control } = simulated({ settleAfterDays: 2 });
    await pay();
    await control.advance(1.9 * 86_400);
    expect(control.state().settlements).toEqual([]);
    await control.advance(1.2 * 86_400);
    expect(control.state().settlements).toMatchObject([{ amount: 48_820, fees: 1_180 }]);
  });

  it('can be had over HTTP', async () => {
    const { app, order } = simulated();
    const id = await order();
    const post = async (path: string, body: unknown) => {
      const reply = await app.request(`/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
    };
    const get = async (path: string) => (await app.request(`/_sim/${path}`)).json();
    const { body: paid } = await post('pay', { order_id: id, method: 'card' });
    expect(paid).toMatchObject({ order_id: id, status: 'captured', signature: expect.stringMatching(/^[\da-f]{64}$/), error: null });
    expect((await post('pay', { order_id: 'order_x' })).status).toBe(400);
    expect((await post('pay', { order_id: id, outcome: 'miracle' })).status).toBe(400);
    expect((await post('faults', [{ name: 'F9' }])).status).toBe(400);
    expect(await post('faults', [{ name: 'F1', times: 1 }])).toEqual({ status: 200, body: { done: true } });
    expect((await post('swarm', { seed: 3 })).body).toHaveProperty('rules');
    await post('faults', []);
    const before = (await get('clock')) as { now: number };
    expect((await post('advance', { seconds: 60 })).body).toEqual({ now: before.now + 60_000 });
    const { body: dispute } = await post('dispute', { payment_id: paid['payment_id'] });
    expect((await post('decide', { id: dispute['id'], decision: 'closed' })).body).toMatchObject({ status: 'closed' });
    expect((await post('refund', { payment_id: paid['payment_id'], amount: 100 })).body).toMatchObject({ status: 'pending' });
    expect((await post('settle', {})).body).toMatchObject({ entity: 'settlement' });
    expect((await post('settings', { receiptPolicy: 'B' })).body).toMatchObject({ receiptPolicy: 'B' });
    expect((await post('account', { name: 'Asha' })).body).toEqual({ id: expect.stringMatching(/^acc_/) });
    expect(await get('state')).toMatchObject({ orders: [{ id, status: 'paid' }] });
    expect(await get('log')).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'call', status: 200 })]));
  });
});
