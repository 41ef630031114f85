import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryDisputes } from '#adapters/memory/payments/settlement/cases.ts';
import { transactInMemory } from '#adapters/memory/unit-of-work.ts';
import { postgresDisputes } from '#adapters/postgres/payments/settlement/disputes.ts';
import { transact } from '#adapters/postgres/unit-of-work.ts';
import type { ListedDispute, SavedMethod, SettlementDeps, SettlementTx, Walk } from '#application/payments/settlement/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Settlement } from '#composition/modules/settlement.ts';
import type { TransferFact } from '#domain/payments/facts.ts';
import { Operation } from '#domain/payments/operation.ts';
import { Payout, PayoutId } from '#domain/payments/payout.ts';
import type { KnownRow } from '#domain/payments/settlement/book-row.ts';
import { PaymentException } from '#domain/payments/settlement/exception.ts';
import { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const AT = 1_764_000_000_000;
const ACTOR = system('test');

describe.each(PROFILES)('what becomes of money, kept on %s', (profile) => {
  let world: World;
  let deps: SettlementDeps;
  beforeAll(async () => {
    world = await startWorld(profile);
    await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop()));
    deps = world.container.get(Settlement.deps);
  });
  afterAll(() => world.close());

  const run = <R extends Result<unknown, unknown>>(work: (tx: SettlementTx) => Promise<R>) => deps.uow.run(ACTOR, work);
  const newId = (): string => world.container.get(Platform.ids).next();
  const page = { limit: 2 };

  const terms = (restaurantId: string, amount = 500) => ({
    restaurantId,
    processor: 'razorpay',
    account: 'acc_1',
    currency: 'INR',
    amount,
    requestedAt: AT,
  });
  async function payout(restaurantId = newId(), amount = 500): Promise<Payout> {
    const change = must(Payout.request(PayoutId.of(newId()), terms(restaurantId, amount), 1_000));
    must(await run(async (tx) => ok(await tx.payouts.save(change))));
    return { ...change.state, version: 1 };
  }
  const transfer = (of: Payout, status: TransferFact['status']): TransferFact => ({
    kind: 'transfer',
    providerTransferId: `trf_${of.id}`,
    chargeId: null,
    account: 'acc_1',
    amount: of.amount,
    reversed: 0,
    currency: 'INR',
    status,
    payoutId: of.id,
    at: AT,
  });

  describe('payouts', () => {
    it('come back as they were saved, by their own name and by their transfer’s', async () => {
      const made = await payout();
      expect(must(await run(async (tx) => ok(await tx.payouts.lock(made.id))))).toEqual(made);
      const told = Payout.observe(made, [transfer(made, 'processed')], AT);
      must(await run(async (tx) => ok(await tx.payouts.save(told))));
      const after = { ...told.state, version: 2 };
      expect(must(await run(async (tx) => ok(await tx.payouts.lockByTransfer('razorpay', `trf_${made.id}`))))).toEqual(after);
      expect(must(await run(async (tx) => ok(await tx.payouts.lockByTransfer('other', `trf_${made.id}`))))).toBeUndefined();
      expect(await deps.payments.queries.payout(made.id)).toEqual(after);
    });

    it('are not saved over what somebody else saved, and not at all when the work is refused', async () => {
      const made = await payout();
      const change = Payout.refuse(made, { code: 'NO', description: 'no' }, AT);
      expect(await run(async (tx) => err(await tx.payouts.save(change)))).toMatchObject({ ok: false });
      expect(await deps.payments.queries.payout(made.id)).toEqual(made);
      must(await run(async (tx) => ok(await tx.payouts.save(change))));
      await expect(run(async (tx) => ok(await tx.payouts.save(change)))).rejects.toBeInstanceOf(WriteConflict);
    });

    it('are listed newest first, of one restaurant', async () => {
      const restaurantId = newId();
      const made = [await payout(restaurantId), await payout(restaurantId), await payout(restaurantId)].map(({ id }) => id).reverse();
      await payout();
      const first = await deps.queries.payouts.forRestaurant(restaurantId, page);
      expect([first.data.map(({ id }) => id), first.next]).toEqual([made.slice(0, 2), made[1]]);
      const rest = await deps.queries.payouts.forRestaurant(restaurantId, { ...page, after: first.next as string });
      expect([rest.data.map(({ id }) => id), rest.next]).toEqual([made.slice(2), null]);
    });

    it('are watched while they are under way, and for some time after', async () => {
      const [waiting, done] = [await payout(), await payout()];
      must(await run(async (tx) => ok(await tx.payouts.save(Payout.observe(done, [transfer(done, 'processed')], AT)))));
      const watched = async (since: number): Promise<string[]> => (await deps.queries.payouts.watched(since, undefined, 1_000)).map(({ id }) => id);
      expect(await watched(AT)).toEqual(expect.arrayContaining([waiting.id, done.id]));
      expect(await watched(AT + 1)).toContain(waiting.id);
      expect(await watched(AT + 1)).not.toContain(done.id);
      expect((await deps.queries.payouts.watched(AT, waiting.id, 1_000)).map(({ id }) => id)).not.toContain(waiting.id);
    });
  });

  describe('payout accounts', () => {
    const owe = (restaurantId: string, owed: number, till: number) =>
      run(async (tx) =>
        ok(
          await tx.ledger.post([
            {
              restaurantId,
              currency: 'INR',
              kind: 'test',
              source: `test:${newId()}`,
              sequence: 1,
              entries: [
                { account: 'restaurant:payable', amount: -owed },
                { account: 'cash:till', amount: till },
                { account: 'clearing:razorpay', amount: owed - till },
              ].filter(({ amount }) => amount !== 0),
              at: AT,
            },
          ]),
        ),
      );
    const write = async (restaurantId: string): Promise<void> => {
      const written = { processor: 'razorpay', account: 'acc_1', commissionBasisPoints: 250 };
      const change = must(PayoutAccount.write(PayoutAccount.none(restaurantId), written, ACTOR, AT));
      must(await run(async (tx) => ok(await tx.accounts.save(change))));
    };

    it('come back as they were written, once', async () => {
      const restaurantId = newId();
      expect(await deps.queries.payouts.account(restaurantId)).toBeUndefined();
      await write(restaurantId);
      const account = { restaurantId, processor: 'razorpay', account: 'acc_1', commissionBasisPoints: 250, version: 1 };
      expect(await deps.queries.payouts.account(restaurantId)).toEqual(account);
      expect(must(await run(async (tx) => ok(await tx.accounts.lock(restaurantId))))).toEqual(account);
      await expect(write(restaurantId)).rejects.toBeInstanceOf(WriteConflict);
      expect(await deps.payments.facts.commissions.of(restaurantId)).toBe(250);
      expect(await deps.payments.facts.commissions.of(newId())).toBe(0);
    });

    it('know what is owed without what lies in the till', async () => {
      const [owed, paid, unknown] = [newId(), newId(), newId()].sort() as [string, string, string];
      for (const restaurantId of [owed, paid]) await write(restaurantId);
      await owe(owed, 900, 200);
      await owe(paid, 900, 1_000);
      await owe(unknown, 900, 0);
      const payable = (restaurantId: string, currency = 'INR') => run(async (tx) => ok(await tx.accounts.payable(restaurantId, currency)));
      expect(must(await payable(owed))).toBe(700);
      expect(must(await payable(owed, 'USD'))).toBe(0);
      expect(must(await payable(paid))).toBe(-100);
      const all = async (atLeast: number, after?: string) =>
        (await deps.queries.payouts.owed(atLeast, after, 1_000)).filter(({ restaurantId }) => [owed, paid, unknown].includes(restaurantId));
      expect(await all(1)).toEqual([{ restaurantId: owed, payable: 700 }]);
      expect(await all(701)).toEqual([]);
      expect(await all(1, owed)).toEqual([]);
    });
  });

  describe("the providers' books", () => {
    const row = (restaurantId: string | null, id: string, more: Partial<KnownRow> = {}): KnownRow => ({
      processor: 'razorpay',
      kind: 'charge',
      id,
      restaurantId,
      paymentId: null,
      payoutId: null,
      chargeId: id,
      amount: 1_000,
      fee: 24,
      feeTax: 4,
      knownFee: 24,
      knownFeeTax: 4,
      credit: 976,
      debit: 0,
      currency: 'INR',
      settlementId: null,
      utr: null,
      settledAt: null,
      description: 'lunch',
      at: AT,
      ...more,
    });
    const save = (...rows: readonly KnownRow[]) =>
      run(async (tx) => {
        for (const one of rows) await tx.rows.save(one);
        return ok(undefined);
      });
    const find = (key: KnownRow) => run(async (tx) => ok(await tx.rows.find(key)));

    it('keep a row once, and learn of its settlement', async () => {
      const told = row(newId(), `pay_${newId()}`);
      must(await save(told));
      expect(must(await find(told))).toEqual(told);
      expect(must(await find({ ...told, kind: 'refund' }))).toBeUndefined();
      const settled = { ...told, settlementId: 'setl_1', utr: 'UTR1', settledAt: AT + 1 };
      must(await save(settled));
      expect(must(await find(told))).toEqual(settled);
    });

    it('learn whose a row is when it was nobody’s', async () => {
      const told = row(null, `pay_${newId()}`);
      must(await save(told));
      const ours = { ...told, restaurantId: newId(), paymentId: newId(), knownFee: 30, knownFeeTax: 5 };
      must(await save(ours));
      expect(must(await find(told))).toEqual(ours);
    });

    it('are grouped by settlement, newest first, of one restaurant', async () => {
      const restaurantId = newId();
      const settled = (id: string, settlementId: string, at: number, more: Partial<KnownRow> = {}) =>
        row(restaurantId, `${id}_${restaurantId}`, { settlementId: `${settlementId}_${restaurantId}`, utr: 'UTR', settledAt: at, ...more });
      const refund = settled('rfnd', 'setl_1', AT, { kind: 'refund', amount: 100, fee: 0, feeTax: 0, credit: 0, debit: 100 });
      must(
        await save(
          settled('pay_1', 'setl_1', AT),
          refund,
          settled('pay_2', 'setl_2', AT),
          settled('pay_3', 'setl_3', AT + 5),
          row(restaurantId, `pay_4_${restaurantId}`),
        ),
      );
      must(await save({ ...settled('pay_5', 'setl_1', AT), restaurantId: newId() }));
      const first = await deps.queries.books.settlements(restaurantId, page);
      expect(first.data.map(({ settlementId }) => settlementId.slice(0, 6))).toEqual(['setl_3', 'setl_2']);
      const rest = await deps.queries.books.settlements(restaurantId, { ...page, after: first.next as string });
      expect(rest).toEqual({
        data: [
          {
            settlementId: `setl_1_${restaurantId}`,
            processor: 'razorpay',
            utr: 'UTR',
            settledAt: AT,
            currency: 'INR',
            gross: 900,
            fees: 20,
            tax: 4,
            net: 876,
            rows: 2,
          },
        ],
        next: null,
      });
      const rows = await deps.queries.books.rowsOf(restaurantId, `setl_1_${restaurantId}`, { limit: 1 });
      expect(rows.data.map(({ kind }) => kind)).toEqual(['charge']);
      const last = await deps.queries.books.rowsOf(restaurantId, `setl_1_${restaurantId}`, { limit: 1, after: rows.next as string });
      expect([last.data, last.next]).toEqual([[refund], null]);
    });
  });

  it('walks go on from where they were, and what was listed is forgotten in time', async () => {
    const id = `walk:${newId()}`;
    const find = () => run(async (tx) => ok(await tx.walks.find(id)));
    const save = (walk: Walk) => run(async (tx) => ok(await tx.walks.save(walk)));
    expect(must(await find())).toBeUndefined();
    const walk: Walk = { id, after: '100', isDone: false, counts: { matched: 3 }, at: AT };
    must(await save(walk));
    must(await save({ ...walk, after: null, isDone: true, counts: { matched: 5, duplicate: 1 } }));
    expect(must(await find())).toEqual({ ...walk, after: null, isDone: true, counts: { matched: 5, duplicate: 1 } });
    must(await run(async (tx) => ok(await tx.walks.list('razorpay', ['a', 'b', 'a'], AT))));
    must(await run(async (tx) => ok(await tx.walks.list('razorpay', ['a'], AT + 10))));
    must(await run(async (tx) => ok(await tx.walks.forgetListed(AT + 1))));
  });

  describe('exceptions', () => {
    const raised = (restaurantId: string | null, reference = newId()) => ({
      kind: 'missing_here' as const,
      processor: 'razorpay',
      reference,
      restaurantId,
      paymentId: null,
      detail: { what: 'charge', ours: null },
      at: AT,
    });
    const listed = (restaurantId: string, isOpen?: boolean) =>
      deps.queries.cases.exceptions({ restaurantId, ...(isOpen !== undefined && { isOpen }) }, { limit: 10 });
    const resolve = (exception: PaymentException, note: string) =>
      run(async (tx) =>
        ok(await tx.exceptions.save(must(PaymentException.resolve(exception, { action: 'write_off', note, by: 'account:1', at: AT + 1 })))),
      );

    it('are raised once while they are open, and once more when they come again', async () => {
      const restaurantId = newId();
      const wanted = raised(restaurantId);
      for (let i = 0; i < 2; i++) must(await run(async (tx) => ok(await tx.exceptions.raise(wanted))));
      const [open] = (await listed(restaurantId)).data;
      expect((await listed(restaurantId)).data).toHaveLength(1);
      expect(open).toMatchObject({
        kind: 'missing_here',
        reference: wanted.reference,
        detail: wanted.detail,
        raisedAt: AT,
        resolution: null,
        version: 1,
      });
      must(await resolve(open as PaymentException, 'seen'));
      await expect(resolve(open as PaymentException, 'seen too')).rejects.toBeInstanceOf(WriteConflict);
      expect(must(await run(async (tx) => ok(await tx.exceptions.lock((open as PaymentException).id))))).toMatchObject({
        resolution: { action: 'write_off', note: 'seen', by: 'account:1', at: AT + 1 },
        version: 2,
      });
      must(await run(async (tx) => ok(await tx.exceptions.raise(wanted))));
      expect([(await listed(restaurantId, true)).data.length, (await listed(restaurantId, false)).data.length]).toEqual([1, 1]);
      expect((await listed(newId())).data).toEqual([]);
    });

    it('may be of nobody’s money, and an operation too', async () => {
      const wanted = raised(null);
      must(await run(async (tx) => ok(await tx.exceptions.raise(wanted))));
      const all = await deps.queries.cases.exceptions({}, { limit: 100 });
      expect(all.data.find(({ reference }) => reference === wanted.reference)).toMatchObject({ restaurantId: null });
      const operation = Operation.plan({ kind: 'return', processor: 'razorpay', restaurantId: null, subjectId: newId(), targetId: newId() }, AT);
      must(await run(async (tx) => ok(await tx.operations.plan([operation]))));
      expect(must(await run(async (tx) => ok(await tx.operations.lock(operation.id))))).toMatchObject({ restaurantId: null, kind: 'return' });
    });
  });

  describe('the list of disputes', () => {
    const put = (...disputes: readonly (ListedDispute & { readonly version: number })[]) => {
      const { store } = world.database;
      if (store.kind === 'sql') return transact(world.container.get(Platform.postgres), ACTOR, (tx) => postgresDisputes(tx).put(disputes));
      return transactInMemory(world.container.get(Platform.memory), ACTOR, async (tx) => ok(await memoryDisputes(tx).put(disputes)));
    };
    const dispute = (restaurantId: string, disputeId: string, at: number, more: Partial<ListedDispute> = {}): ListedDispute => ({
      kind: 'dispute',
      restaurantId,
      disputeId,
      paymentId: restaurantId,
      orderId: restaurantId,
      chargeId: 'pay_1',
      amount: 500,
      currency: 'INR',
      deducted: 0,
      status: 'open',
      phase: 'chargeback',
      reason: 'fraud',
      respondBy: null,
      at,
      ...more,
    });

    it('shows each as it stands last, whatever the order it is told in', async () => {
      const restaurantId = newId();
      const one = dispute(restaurantId, 'disp_1', AT);
      const lost = { ...one, status: 'lost', deducted: 500 } as const;
      await put({ ...one, version: 3 }, { ...lost, version: 5 }, { ...dispute(restaurantId, 'disp_2', AT), version: 2 });
      await put({ ...one, status: 'under_review', version: 4 });
      await put({ ...dispute(restaurantId, 'disp_3', AT + 1, { respondBy: AT + 9 }), version: 1 });
      const first = await deps.queries.cases.disputes(restaurantId, page);
      expect(first.data.map(({ disputeId }) => disputeId)).toEqual(['disp_3', 'disp_2']);
      expect(first.data[0]).toEqual(dispute(restaurantId, 'disp_3', AT + 1, { respondBy: AT + 9 }));
      expect(await deps.queries.cases.disputes(restaurantId, { ...page, after: first.next as string })).toEqual({ data: [lost], next: null });
    });
  });

  describe('saved methods', () => {
    const method = (accountId: string, tokenId: string): SavedMethod => ({
      id: newId(),
      accountId,
      processor: 'razorpay',
      tokenId,
      method: 'card',
      label: 'Visa ending 1007',
      expiresAt: AT,
      savedAt: AT,
    });
    const event = (type: 'payments.method_saved' | 'payments.method_removed', { id, accountId }: SavedMethod) =>
      ({ type, methodId: id, customerId: accountId, processor: 'razorpay', at: AT }) as const;

    it('are kept for their account, and the first name it has at a processor stays', async () => {
      const accountId = newId();
      const [one, other] = [method(accountId, 'token_1'), method(accountId, 'token_2')];
      must(
        await run(async (tx) => {
          await tx.methods.addCustomer(accountId, 'razorpay', 'cust_1');
          await tx.methods.addCustomer(accountId, 'razorpay', 'cust_2');
          for (const saved of [one, other]) await tx.methods.add(saved, event('payments.method_saved', saved));
          return ok(undefined);
        }),
      );
      expect(await deps.queries.methods.customer(accountId, 'razorpay')).toBe('cust_1');
      expect(await deps.queries.methods.ofAccount(accountId)).toEqual([one, other]);
      expect(await deps.queries.methods.ofAccount(newId())).toEqual([]);
      const remove = () => run(async (tx) => ok(await tx.methods.remove(one, event('payments.method_removed', one))));
      must(await remove());
      await expect(remove()).rejects.toBeInstanceOf(WriteConflict);
      expect(must(await run(async (tx) => ok(await tx.methods.lockAll(accountId))))).toEqual([other]);
    });
  });
});
