import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAgenda } from '#domain/fraud/benchmark/agenda.ts';
import { type CardPayment, DAY_SECONDS, type FraudLabel } from '#domain/fraud/benchmark/card-payment.ts';
import { createFeatureStore } from '#domain/fraud/benchmark/feature-store.ts';
import { createRecentMedian } from '#domain/fraud/benchmark/recent-median.ts';
import { createSlidingSums } from '#domain/fraud/benchmark/sliding-sums.ts';

const DELAY = 7 * DAY_SECONDS;
type Told = CardPayment & { readonly isFraud: boolean };

/** Streams over some weeks, of few customers and terminals, with times that often meet and often lie exactly a window apart. */
const stream: fc.Arbitrary<readonly Told[]> = fc
  .array(
    fc.record({
      at: fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 2 })).map(([half, second]) => half * (DAY_SECONDS / 2) + second),
      customer: fc.nat({ max: 2 }),
      terminal: fc.nat({ max: 2 }),
      amount: fc.oneof(fc.integer({ min: 0, max: 50_00 }), fc.integer({ min: 100_00, max: 400_00 })),
      isFraud: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => rows.toSorted((a, b) => a.at - b.at).map((row, id) => ({ ...row, id })));

const labelOf = ({ isFraud, ...payment }: Told, at = payment.at + DELAY): FraudLabel => ({ payment, at, isFraud });

/** The vectors of a stream by payment; `tellAhead` hands over every label of the stream before its first payment. */
function vectorsOf(rows: readonly Told[], { tellAhead = false } = {}): ReadonlyMap<number, readonly number[]> {
  const store = createFeatureStore({ epochDay: 17_622 });
  if (tellAhead) for (const row of rows) store.tell(labelOf(row));
  const vectors = new Map<number, readonly number[]>();
  for (const row of rows) {
    vectors.set(row.id, [...store.features(row)]);
    store.remember(row);
    if (!tellAhead) store.tell(labelOf(row));
  }
  return vectors;
}

it('a prefix of the stream has the features that it has in the whole', () => {
  fc.assert(
    fc.property(stream, fc.nat(), (rows, cut) => {
      const whole = vectorsOf(rows);
      for (const [id, vector] of vectorsOf(rows.slice(0, 1 + (cut % rows.length)))) expect(vector).toEqual(whole.get(id));
    }),
  );
});

it('telling a label before its time changes nothing: it is not looked at', () => {
  fc.assert(
    fc.property(stream, (rows) => {
      expect(vectorsOf(rows, { tellAhead: true })).toEqual(vectorsOf(rows));
    }),
  );
});

it('whatever labels say whose time has not come, no feature of a payment depends on it', () => {
  fc.assert(
    fc.property(stream, fc.nat(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (rows, pick, lies) => {
      const { at, id } = rows[pick % rows.length] as Told;
      const lied = rows.map((row, i) => (row.at + DELAY > at ? { ...row, isFraud: lies[i] as boolean } : row));
      expect(vectorsOf(lied, { tellAhead: true }).get(id)).toEqual(vectorsOf(rows).get(id));
    }),
  );
});

it('uses a label from its very second on', () => {
  const fraud: Told = { id: 0, at: 0, customer: 1, terminal: 1, amount: 10_00, isFraud: true };
  const at = (time: number) => ({ id: 1, at: time, customer: 2, terminal: 1, amount: 10_00 });
  const store = createFeatureStore({ epochDay: 0 });
  const frauds = store.featureNames.indexOf('terminal_frauds_30d');
  store.features(fraud);
  store.remember(fraud);
  store.tell(labelOf(fraud));
  expect(store.features(at(DELAY - 1))[frauds]).toBe(0);
  expect(store.features(at(DELAY))[frauds]).toBe(1);
  expect(() => store.tell(labelOf(fraud, -1))).toThrow('before it is made');
  expect(() => store.features(at(DELAY - 1))).toThrow('time order');
});

it('what is told late counts from then on', () => {
  const fraud: Told = { id: 0, at: 0, customer: 1, terminal: 1, amount: 10_00, isFraud: true };
  const at = (time: number) => ({ id: 1, at: time, customer: 2, terminal: 1, amount: 10_00 });
  const store = createFeatureStore({ epochDay: 0 });
  const [frauds, week] = ['terminal_frauds_30d', 'terminal_frauds_7d'].map((name) => store.featureNames.indexOf(name)) as [number, number];
  store.remember(fraud);
  expect(store.features(at(2 * DELAY))[frauds]).toBe(0);
  store.tell(labelOf(fraud));
  expect(store.features(at(2 * DELAY + 1))[frauds]).toBe(1);
  expect(store.features(at(3 * DELAY - 1))[week]).toBe(1);
  expect(store.features(at(3 * DELAY))[week]).toBe(0);
});

it('payments of one second do not see each other, in whatever order they come', () => {
  fc.assert(
    fc.property(stream, (rows) => {
      const turned = [...Map.groupBy(rows, ({ at }) => at).values()].flatMap((ofSecond) => ofSecond.toReversed());
      expect(new Map([...vectorsOf(turned)].toSorted(([a], [b]) => a - b))).toEqual(vectorsOf(rows));
    }),
  );
});

it("the handbook's windows hold what a search of the whole stream finds", () => {
  const names = createFeatureStore({ epochDay: 0 }).featureNames;
  fc.assert(
    fc.property(stream, (rows) => {
      const vectors = vectorsOf(rows);
      for (const row of rows) {
        const feature = (name: string): number => vectors.get(row.id)?.[names.indexOf(name)] as number;
        for (const days of [1, 7, 30]) {
          const from = row.at - days * DAY_SECONDS;
          const paid = [row, ...rows.filter((one) => one.customer === row.customer && one.at > from && one.at < row.at)];
          const known = rows.filter((one) => one.terminal === row.terminal && one.at > from - DELAY && one.at <= row.at - DELAY);
          const frauds = known.filter(({ isFraud }) => isFraud).length;
          expect(feature(`customer_count_${days}d`)).toBe(paid.length);
          expect(feature(`customer_mean_${days}d`)).toBeCloseTo(paid.reduce((sum, { amount }) => sum + amount, 0) / paid.length / 100, 9);
          expect(feature(`terminal_count_${days}d`)).toBe(known.length);
          expect(feature(`terminal_risk_${days}d`)).toBe(known.length === 0 ? 0 : frauds / known.length);
        }
      }
    }),
  );
});

it('every feature is finite', () => {
  fc.assert(
    fc.property(stream, (rows) => {
      for (const vector of vectorsOf(rows).values()) expect(vector.every(Number.isFinite)).toBe(true);
    }),
  );
});

it('sliding sums are those of a search, exactly', () => {
  const entry = fc.record({ wait: fc.nat({ max: 40 }), value: fc.integer({ min: 0, max: 1_000 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 80 }), (entries) => {
      const lengths = [10, 35, 100];
      const sums = createSlidingSums(lengths);
      const added: { at: number; value: number }[] = [];
      let now = 0;
      for (const { wait, value } of entries) {
        now += wait;
        sums.add(now, value);
        added.push({ at: now, value });
        lengths.forEach((length, window) => {
          const within = added.filter(({ at }) => at > now - length);
          expect(sums.count(window)).toBe(within.length);
          expect(sums.sum(window)).toBe(within.reduce((sum, one) => sum + one.value, 0));
        });
      }
    }),
  );
});

it('the recent median is the middle of the last so many', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (values, kept) => {
      const recent = createRecentMedian(kept);
      expect(recent.median()).toBeUndefined();
      values.forEach((value, i) => {
        recent.add(value);
        const last = values.slice(Math.max(0, i + 1 - kept), i + 1).toSorted((a, b) => a - b);
        const [low, high] = [last[Math.floor((last.length - 1) / 2)], last[Math.floor(last.length / 2)]] as [number, number];
        expect(recent.median()).toBe((low + high) / 2);
      });
    }),
  );
});

it('the agenda hands out what is due, in order of time, then of payment', () => {
  const label = fc.record({ at: fc.nat({ max: 20 }), id: fc.nat({ max: 1_000 }) });
  fc.assert(
    fc.property(fc.uniqueArray(label, { selector: ({ id }) => id, maxLength: 40 }), fc.nat({ max: 20 }), (labels, now) => {
      const agenda = createAgenda();
      for (const { at, id } of labels) agenda.add({ at, isFraud: false, payment: { id, at: 0, customer: 0, terminal: 0, amount: 0 } });
      const taken: { at: number; id: number }[] = [];
      for (let next = agenda.takeDue(now); next !== undefined; next = agenda.takeDue(now)) taken.push({ at: next.at, id: next.payment.id });
      expect(taken).toEqual(labels.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at || a.id - b.id));
      expect(agenda.size()).toBe(labels.length - taken.length);
    }),
  );
});
