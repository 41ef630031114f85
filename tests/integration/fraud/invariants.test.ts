import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FRAUD_INVARIANTS } from '#adapters/postgres/fraud/invariants.ts';
import { DAY, newId, openWatch, reviewer, type Watch } from '../../support/fraud.ts';
import { must } from '../../support/must.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

/** Every promise is broken once on purpose, and the doctor must find it, and name nothing else. */
describe.each(SQL_PROFILES)('the doctor of fraud on %s', (profile) => {
  let watch: Watch;
  beforeAll(async () => {
    watch = await openWatch(profile);
  });
  afterAll(() => watch?.close());
  afterEach(async () => {
    for (const table of ['decisions', 'histories', 'reviews', 'label_sets', 'list_entries', 'policies'])
      await watch.sql(`delete from fraud.${table}`);
    await watch.sql('delete from platform.events');
  });

  const complaints = async (): Promise<readonly string[]> => [...new Set((await watch.complaints()).map((one) => one.split(':', 1)[0] as string))];
  /** The log is made to say what the row says, so that only the row's own fault is left. */
  const retell = (decisionId: string) =>
    watch.sql(
      `update platform.events e set data = jsonb_set(jsonb_set(e.data, '{verdict}', d.verdict), '{signals}', d.signals)
         from fraud.decisions d where d.id = $1::uuid and e.stream = 'fraud_decision:' || d.id`,
      [decisionId],
    );
  const breakVerdict = async (path: string, value: unknown) => {
    const { decisionId } = await watch.assess();
    await watch.sql(`update fraud.decisions set verdict = jsonb_set(verdict, $2::text[], $3::jsonb) where id = $1::uuid`, [
      decisionId,
      path.split('.'),
      JSON.stringify(value),
    ]);
    await retell(decisionId);
    return decisionId;
  };

  it('has nothing to say of what is as it should be', async () => {
    const { reviewId, restaurantId } = await watch.review();
    must(await watch.fraud.claimReview({ reviewId }, reviewer(restaurantId)));
    await watch.assess();
    expect(await complaints()).toEqual([]);
  });

  const claimed = async () => {
    const review = await watch.review();
    const by = reviewer(review.restaurantId);
    must(await watch.fraud.claimReview({ reviewId: review.reviewId }, by));
    return { ...review, by };
  };

  const BREAKS: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['fraud-score-is-its-reasons', () => breakVerdict('contributions.amount', 7)],
    [
      'fraud-score-is-its-reasons',
      () => watch.assess().then(({ decisionId }) => watch.sql('update fraud.decisions set probability = 0.5 where id = $1::uuid', [decisionId])),
    ],
    ['fraud-action-is-what-it-must-be', () => breakVerdict('expected.block', -1)],
    [
      'fraud-action-is-what-it-must-be',
      async () => {
        const { decisionId } = await watch.review();
        await watch.sql(`update fraud.decisions set verdict = jsonb_set(verdict, '{rules}', '[]') where id = $1::uuid`, [decisionId]);
        await retell(decisionId);
      },
    ],
    [
      'fraud-decisions-are-logged',
      () => watch.assess().then(() => watch.sql(`update fraud.decisions set signals = jsonb_set(signals, '{amount}', '1')`)),
    ],
    ['fraud-decisions-are-logged', () => watch.assess().then(() => watch.sql('delete from fraud.decisions'))],
    ['fraud-labels-wait-for-their-time', () => breakVerdict('features.customer_frauds', 1)],
    [
      'fraud-labels-are-logged',
      async () => {
        const request = watch.request();
        const { decisionId } = await watch.fraud.assess(request);
        must(await watch.fraud.recordLabel({ decisionId, source: 'complaint', isFraud: true }, reviewer(request.restaurantId)));
        await watch.sql('update fraud.label_sets set version = 7');
      },
    ],
    [
      'fraud-reviews-are-their-events',
      () => claimed().then(() => watch.sql(`update fraud.reviews set status = 'open', lease_by = null, lease_until = null`)),
    ],
    [
      'fraud-reviews-are-their-events',
      async () => {
        const { reviewId, by } = await claimed();
        must(await watch.fraud.resolveReview({ reviewId, outcome: 'rejected', reason: 'no' }, by));
        await watch.sql(`update platform.events set type = 'fraud.review_approved' where type = 'fraud.review_claimed'`);
      },
    ],
    ['fraud-reviews-of-decisions', () => watch.review().then(() => watch.sql('delete from fraud.reviews'))],
    [
      'fraud-reviews-by-enough-people',
      async () => {
        const { reviewId, by } = await claimed();
        must(await watch.fraud.resolveReview({ reviewId, outcome: 'approved', reason: null }, by));
        await watch.sql(`update fraud.reviews set facts = jsonb_set(facts, '{approvalsNeeded}', '2')`);
      },
    ],
    [
      'fraud-reviews-end-in-time',
      async () => {
        await watch.review();
        await watch.sql(`update fraud.reviews set deadline = deadline - interval '1 day'`);
      },
    ],
    [
      'fraud-reviews-end-in-time',
      async () => {
        const { reviewId, by } = await claimed();
        must(await watch.fraud.resolveReview({ reviewId, outcome: 'rejected', reason: 'no' }, by));
        await watch.sql(`update fraud.reviews set deadline = deadline - interval '1 day'`);
      },
    ],
    [
      'fraud-lists-are-logged',
      async () => {
        const entry = { restaurantId: null, list: 'deny', kind: 'device', subject: { value: newId() }, reason: 'x', expiresAt: null } as const;
        must(await watch.fraud.addListEntry(entry, reviewer(newId())));
        await watch.sql(`update fraud.list_entries set removed_at = now()`);
      },
    ],
    [
      'fraud-denied-is-blocked',
      async () => {
        const { decisionId } = await watch.assess();
        const rule = { name: 'denied', demands: 'step_up', text: '', observed: null, limit: null };
        await watch.sql(
          `update fraud.decisions set action = 'step_up', verdict = verdict || jsonb_build_object('action', 'step_up', 'rules', $2::jsonb) where id = $1::uuid`,
          [decisionId, JSON.stringify([rule])],
        );
        await retell(decisionId);
      },
    ],
  ];
  it.each(BREAKS)('finds that %s is not', async (id, breakIt) => {
    await breakIt();
    expect(await complaints()).toEqual([id]);
  });

  it('is shown every promise broken', () => {
    expect(new Set(BREAKS.map(([id]) => id))).toEqual(new Set(FRAUD_INVARIANTS.map(({ id }) => id)));
  });

  it('takes few statements to decide, however much is known', async () => {
    const request = () => watch.request({ deviceId: 'd', ip: '203.0.113.9', instrument: 'i', customerId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99' });
    for (let i = 0; i < 3; i++) await watch.fraud.assess({ ...request(), at: watch.clock.at - DAY });
    const before = watch.statements.count;
    await watch.fraud.assess(request());
    // Three reads before: was it decided, the policy, the lists. Then BEGIN, three for the histories, was it decided, decision, histories, events, COMMIT.
    expect(watch.statements.count - before).toBeLessThanOrEqual(3 + 9);
  });
});
