import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentsTx, ReceivedEvent } from '#application/payments/ports.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import type { Posting } from '#domain/payments/books.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Operation } from '#domain/payments/operation.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import { system } from '#domain/shared/actor.ts';
import { Money } from '#domain/shared/money.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';
import { PROFILES, SQL_PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const AT = 1_764_000_000_000;
const RESTAURANT = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(PROFILES)('what payments keeps on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(profile);
    await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop()));
  });
  afterAll(() => world.close());

  const id = (): string => world.container.get(Platform.ids).next();
  const queries = () => world.container.get(Payments.queries);
  const run = <R extends Result<unknown, unknown>>(work: (tx: PaymentsTx) => Promise<R>) =>
    world.container.get(Payments.uow).run(system('test'), work);
  const opened = (orderId = id()) =>
    Payment.open(PaymentId.of(id()), {
      restaurantId: RESTAURANT,
      orderId,
      customerId: id(),
      amount: Money.of(10_000),
      currency: 'INR',
      tax: Money.of(500),
      commission: Money.of(1_000),
      openedAt: AT,
    });
  const withAttempt = (orderId?: string) => {
    const opening = opened(orderId);
    const attemptId = id();
    const started = must(
      Payment.startAttempt(opening.state, { id: attemptId, processor: 'razorpay', channel: 'checkout', capture: 'automatic' }, AT),
    );
    const providerOrderId = `order_${id()}`;
    const open = Payment.openAttempt(started.state, attemptId, { providerOrderId, linkId: null, url: null }, AT);
    return { change: { state: open.state, events: [...opening.events, ...started.events, ...open.events] }, providerOrderId };
  };
  const charge = (providerOrderId: string, status: ChargeFact['status'] = 'captured'): ChargeFact => ({
    kind: 'charge',
    chargeId: `pay_${providerOrderId}`,
    providerOrderId,
    status,
    amount: 10_000,
    currency: 'INR',
    instrument: null,
    fee: null,
    feeTax: null,
    failure: null,
    at: AT,
  });
  const save = (change: Parameters<PaymentsTx['payments']['save']>[0]) => run(async (tx) => ok(await tx.payments.save(change)));

  it('finds a payment by its id, its order, and every id a provider has for it', async () => {
    const { change, providerOrderId } = withAttempt();
    await save(change);
    const charged = applyFacts({ ...change.state, version: 3 }, [charge(providerOrderId, 'authorized')], AT);
    await save(charged);
    const expected = { ...charged.state, version: 4 };
    expect(await queries().find(change.state.id)).toEqual(expected);
    expect(await queries().ofOrder(change.state.orderId)).toEqual(expected);
    const found = await run(async (tx) =>
      ok([
        await tx.payments.lock(change.state.id),
        await tx.payments.lockOfOrder(change.state.orderId),
        await tx.payments.lockByReference('razorpay', ['order_of_nobody', providerOrderId]),
        await tx.payments.lockByReference('razorpay', [`pay_${providerOrderId}`]),
      ]),
    );
    expect(must(found)).toEqual([expected, expected, expected, expected]);
    expect(must(await run(async (tx) => ok(await tx.payments.lockByReference('another', [providerOrderId]))))).toBeUndefined();
  });

  it('gives an order one payment, however many open one at once', async () => {
    const orderId = id();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        run(async (tx) => {
          const known = await tx.payments.lockOfOrder(orderId);
          if (known) return ok(known.id);
          const { change } = withAttempt(orderId);
          await tx.payments.save(change);
          return ok(change.state.id);
        }),
      ),
    );
    const ids = new Set(results.flatMap((result) => (result.status === 'fulfilled' ? [must(result.value)] : [])));
    expect(ids.size).toBe(1);
  });

  it('lets nobody change money at the same time: of twenty refunds of three fifths, one is set aside', async () => {
    const { change, providerOrderId } = withAttempt();
    await save(change);
    await save(applyFacts({ ...change.state, version: 3 }, [charge(providerOrderId)], AT));
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        run(async (tx) => {
          const payment = await tx.payments.lock(change.state.id);
          if (!payment) return err('gone');
          const requested = Refunding.request(payment, { id: id(), amount: 6_000, reason: 'requested', note: null, lines: [] }, AT);
          if (!requested.ok) return requested;
          await tx.payments.save(requested.value);
          return ok('set aside');
        }),
      ),
    );
    expect(results.filter(({ ok: isOk }) => isOk)).toHaveLength(1);
    const payment = await queries().find(change.state.id);
    expect(payment && Payment.standing(payment)).toMatchObject({ captured: 10_000, reserved: 6_000 });
  });

  it('forgets a payment whose work is refused, with its events, postings and plans', async () => {
    const { change } = withAttempt();
    const refused = await run(async (tx) => {
      await tx.payments.save(change);
      await tx.ledger.post([posting(id())]);
      await tx.operations.plan([operation(id())]);
      return err('no');
    });
    expect(refused).toEqual(err('no'));
    expect(await queries().find(change.state.id)).toBeUndefined();
  });

  const posting = (paymentId: string, sequence = 1, restaurantId = RESTAURANT): Posting => ({
    restaurantId,
    currency: 'INR',
    kind: 'payments.charge_captured',
    source: `payment:${paymentId}`,
    sequence,
    entries: [
      { account: 'clearing:razorpay', amount: 10_000 },
      { account: 'restaurant:payable', amount: -10_000 },
    ],
    at: AT,
  });

  it('books each event once, and keeps the balances in step with the entries', async () => {
    const [restaurantId, paymentId] = [id(), id()];
    for (let i = 0; i < 3; i++)
      await run(async (tx) => ok(await tx.ledger.post([posting(paymentId, 1, restaurantId), posting(paymentId, 2, restaurantId)])));
    await Promise.all(Array.from({ length: 10 }, () => run(async (tx) => ok(await tx.ledger.post([posting(id(), 1, restaurantId)])))));
    expect(await queries().balances(restaurantId)).toEqual([
      { account: 'clearing:razorpay', currency: 'INR', debit: 120_000, credit: 0 },
      { account: 'restaurant:payable', currency: 'INR', debit: 0, credit: 120_000 },
    ]);
    const page = await queries().ledger(restaurantId, 'restaurant:payable', { limit: 5 });
    expect(page.data).toHaveLength(5);
    expect(page.data[0]).toMatchObject({ account: 'restaurant:payable', debit: 0, credit: 10_000, at: AT });
    const rest = await queries().ledger(restaurantId, 'restaurant:payable', { limit: 100, after: page.next as string });
    expect(rest.data).toHaveLength(7);
  });

  const operation = (targetId: string, dueAt = AT) =>
    Operation.plan({ kind: 'refund', processor: 'razorpay', restaurantId: RESTAURANT, subjectId: id(), targetId }, AT, dueAt);

  it('plans what is asked of a provider once for each target, and hands out what is due, the longest first', async () => {
    const [late, soon, now] = [operation(id(), AT + 50), operation(id(), AT - 50), operation(id(), AT - 100)];
    await run(async (tx) => ok(await tx.operations.plan([late, soon, now])));
    await run(async (tx) => ok(await tx.operations.plan([{ ...soon, dueAt: AT - 5_000 }])));
    const due = await queries().dueOperations(AT, 100);
    expect(due.filter((one) => [late.id, soon.id, now.id].includes(one))).toEqual([now.id, soon.id]);
  });

  it('lets one process dispatch an operation, and keeps what came of it', async () => {
    const planned = operation(id());
    await run(async (tx) => ok(await tx.operations.plan([planned])));
    const dispatch = () =>
      run(async (tx) => {
        const held = await tx.operations.lock(planned.id);
        if (!held) return err('gone');
        const dispatched = Operation.dispatch(held, AT);
        if (dispatched.ok) await tx.operations.save(dispatched.value);
        return dispatched;
      });
    const results = await Promise.all(Array.from({ length: 6 }, dispatch));
    expect(results.filter(({ ok: isOk }) => isOk)).toHaveLength(1);
    const doubted = must(
      await run(async (tx) => {
        const held = await tx.operations.lock(planned.id);
        if (!held) return err('gone');
        await tx.operations.save(Operation.doubt(held, 'no answer', AT));
        return ok(await tx.operations.lock(planned.id));
      }),
    );
    expect(doubted).toMatchObject({ status: 'unknown', tries: 1, lastError: 'no answer' });
  });

  const event = (eventId = id()): ReceivedEvent => ({
    processor: 'razorpay',
    eventId,
    type: 'payment.captured',
    body: new Uint8Array([0, 123, 34, 255, 10]),
    receivedAt: AT,
    tries: 0,
  });

  it('keeps an event of a provider once, byte for byte, until it is dealt with', async () => {
    const received = event();
    const receive = () => run(async (tx) => ok(await tx.inbox.receive(received)));
    const results = await Promise.allSettled(Array.from({ length: 6 }, receive));
    expect(results.filter((result) => result.status === 'fulfilled' && must(result.value) === true)).toHaveLength(1);
    expect(await queries().dueEvents(AT, 1_000)).toContainEqual({ processor: 'razorpay', eventId: received.eventId });

    const held = must(await run(async (tx) => ok(await tx.inbox.lock('razorpay', received.eventId))));
    expect({ ...held, body: [...(held?.body ?? [])] }).toEqual({ ...received, body: [...received.body] });
    await run(async (tx) => ok(await tx.inbox.settle('razorpay', received.eventId, { status: 'received', detail: 'later', dueAt: AT + 1_000 })));
    expect(await queries().dueEvents(AT, 1_000)).not.toContainEqual({ processor: 'razorpay', eventId: received.eventId });
    expect(must(await run(async (tx) => ok(await tx.inbox.lock('razorpay', received.eventId))))?.tries).toBe(1);
    await run(async (tx) => ok(await tx.inbox.settle('razorpay', received.eventId, { status: 'processed', detail: null, at: AT })));
    expect(must(await run(async (tx) => ok(await tx.inbox.lock('razorpay', received.eventId))))).toBeUndefined();
    expect(must(await receive())).toBe(false);
  });

  it('says whose providers are to be asked again', async () => {
    const { change } = withAttempt();
    await save(change);
    const at = (time: number | null) => run(async (tx) => ok(await tx.payments.checkAt(change.state.id, time)));
    await at(AT);
    expect(await queries().dueChecks(AT - 1, 1_000)).not.toContain(change.state.id);
    expect(await queries().dueChecks(AT, 1_000)).toContain(change.state.id);
    await at(null);
    expect(await queries().dueChecks(AT + 1e12, 1_000)).not.toContain(change.state.id);
  });

  it('lists a restaurant’s payments, the newest first, by what has become of them, and nobody else’s', async () => {
    const { change, providerOrderId } = withAttempt();
    await save(change);
    await save(applyFacts({ ...change.state, version: 3 }, [charge(providerOrderId)], AT));
    const captured = await queries().forRestaurant(RESTAURANT, { status: 'captured' }, { limit: 1 });
    expect(captured.data.map((payment) => payment.id)).toEqual([change.state.id]);
    expect((await queries().forRestaurant(RESTAURANT, {}, { limit: 2 })).next).not.toBeNull();
    expect((await queries().forRestaurant(id(), {}, { limit: 2 })).data).toEqual([]);
  });
});

describe.each(SQL_PROFILES)('the ledger itself on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(profile);
  });
  afterAll(() => world.close());

  const posting = (entries: Posting['entries']): Posting => ({
    restaurantId: RESTAURANT,
    currency: 'INR',
    kind: 'test',
    source: 'payment:x',
    sequence: 1,
    entries,
    at: AT,
  });
  const post = (entries: Posting['entries']) =>
    world.container.get(Payments.uow).run(system('test'), async (tx) => ok(await tx.ledger.post([posting(entries)])));

  it('refuses a posting that does not balance, whoever writes it', async () => {
    await expect(
      post([
        { account: 'a', amount: 10 },
        { account: 'b', amount: -9 },
      ]),
    ).rejects.toThrow(/does not balance/);
    expect(await world.container.get(Payments.queries).balances(RESTAURANT)).toEqual([]);
  });

  it('is only added to', async () => {
    await post([
      { account: 'a', amount: 10 },
      { account: 'b', amount: -10 },
    ]);
    const sql = world.container.get(Platform.sql);
    await expect(sql()('update payments.ledger_entries set debit = 20 where account = $1', ['a'])).rejects.toThrow(/only added to/);
    await expect(sql()('delete from payments.ledger_entries where account = $1', ['a'])).rejects.toThrow(/only added to/);
  });
});
