import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Review } from '#domain/fraud/review.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { AT, MINUTE, newId, openWatch, reviewer, type Watch } from '../../support/fraud.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('reviews and labels on %s', (profile) => {
  let watch: Watch;
  beforeAll(async () => {
    watch = await openWatch(profile);
  });
  beforeEach(() => {
    watch.clock.at = AT;
  });
  afterAll(async () => {
    expect(await watch.complaints()).toEqual([]);
    await watch?.close();
  });

  const claim = (reviewId: string, actor: Actor) => watch.fraud.claimReview({ reviewId }, actor);
  const approve = (reviewId: string, actor: Actor) => watch.fraud.resolveReview({ reviewId, outcome: 'approved', reason: null }, actor);
  const reject = (reviewId: string, actor: Actor) => watch.fraud.resolveReview({ reviewId, outcome: 'rejected', reason: 'no' }, actor);
  const code = (answer: { readonly ok: boolean; readonly error?: { readonly code: string } }) => (answer.ok ? 'ok' : answer.error?.code);
  const types = async (reviewId: string) =>
    (await watch.events(`fraud_review:${reviewId}`)).map(({ data }) => data.type.slice('fraud.review_'.length));

  it('are claimed by exactly one of many', async () => {
    const { reviewId, restaurantId } = await watch.review();
    const answers = await Promise.all(Array.from({ length: 10 }, () => claim(reviewId, reviewer(restaurantId))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => code(answer) === 'fraud.review_claimed')).toHaveLength(9);
    expect(await types(reviewId)).toEqual(['opened', 'claimed']);
  });

  it('are decided by who holds them, once, and their decision is a label', async () => {
    const { reviewId, restaurantId, decisionId } = await watch.review();
    const [one, other] = [reviewer(restaurantId), reviewer(restaurantId)];
    expect(code(await reject(reviewId, one))).toBe('fraud.review_not_claimed');
    must(await claim(reviewId, one));
    expect(code(await approve(reviewId, other))).toBe('fraud.review_not_claimed');
    const rejected = must(await reject(reviewId, one));
    expect(rejected).toMatchObject({ status: 'rejected', lease: null, resolution: { reason: 'no', isDefault: false }, version: 3 });
    for (const again of [await reject(reviewId, one), await approve(reviewId, one), await claim(reviewId, other)]) {
      expect(code(again)).toBe('fraud.review_closed');
    }
    expect((await watch.events(`fraud_labels:${decisionId}`)).map(({ data }) => data)).toMatchObject([
      { type: 'fraud.labelled', source: 'reviewer', isFraud: true, held: { before: false, after: true } },
    ]);
  });

  it('are nobody else’s business', async () => {
    const { reviewId, restaurantId, customerId } = await watch.review();
    expect(code(await claim(reviewId, reviewer(newId())))).toBe('fraud.review_not_found');
    expect(code(await claim(newId(), reviewer(restaurantId)))).toBe('fraud.review_not_found');
    expect(code(await claim(reviewId, reviewer(restaurantId, newId(), ['fraud:read'])))).toBe('fraud.not_permitted');
    expect(code(await claim(reviewId, reviewer(restaurantId, customerId)))).toBe('fraud.own_order');
    expect(code(await approve(reviewId, reviewer(newId())))).toBe('fraud.review_not_found');
    expect(await types(reviewId)).toEqual(['opened']);
  });

  it('come back when a lease runs out', async () => {
    const { reviewId, restaurantId } = await watch.review();
    const [slow, quick] = [reviewer(restaurantId), reviewer(restaurantId)];
    must(await claim(reviewId, slow));
    watch.clock.at += 2 * MINUTE;
    must(await claim(reviewId, slow)); // Prolonged.
    watch.clock.at += 2 * MINUTE;
    expect(code(await claim(reviewId, quick))).toBe('fraud.review_claimed');
    await watch.job().run();
    expect(await types(reviewId)).toEqual(['opened', 'claimed', 'claimed']);
    watch.clock.at += MINUTE;
    expect(code(await approve(reviewId, slow))).toBe('fraud.review_not_claimed');
    await watch.job().run();
    expect(await watch.job().run()).toBe(0);
    must(await claim(reviewId, quick));
    must(await approve(reviewId, quick));
    expect(await types(reviewId)).toEqual(['opened', 'claimed', 'claimed', 'reopened', 'claimed', 'approved']);
  });

  it('are taken over from who let them lapse, before the clock was asked', async () => {
    const { reviewId, restaurantId } = await watch.review();
    must(await claim(reviewId, reviewer(restaurantId)));
    watch.clock.at += 3 * MINUTE;
    must(await claim(reviewId, reviewer(restaurantId)));
  });

  it.each([
    ['reject', 'rejected'],
    ['approve', 'approved'],
  ] as const)('are decided as was agreed when nobody came: %s', async (whenNobodyCame, status) => {
    const restaurantId = newId();
    const { policy } = await watch.fraud.policy(restaurantId);
    const agreed = { ...policy, review: { ...policy.review, whenNobodyCame } };
    must(await watch.fraud.changePolicy({ restaurantId, policy: agreed, expectedVersion: 0 }, reviewer(restaurantId)));
    const { reviewId, deadline, decisionId } = await watch.review({ restaurantId });
    expect(deadline).toBe(AT + 8 * MINUTE);
    watch.clock.at = deadline - 1;
    must(await claim(reviewId, reviewer(restaurantId)));
    watch.clock.at = deadline;
    expect(code(await claim(reviewId, reviewer(restaurantId)))).toBe('fraud.review_overdue');
    expect((await Promise.all([watch.job().run(), watch.job().run(), watch.job().run()])).reduce((sum, n) => sum + n)).toBeGreaterThanOrEqual(1);
    const [last] = (await watch.events(`fraud_review:${reviewId}`)).slice(-1);
    expect(last?.data).toMatchObject({ type: `fraud.review_${status}`, by: 'system', isDefault: true });
    expect((await types(reviewId)).filter((type) => type === status)).toHaveLength(1);
    expect(await watch.events(`fraud_labels:${decisionId}`)).toEqual([]); // Nobody looked, so nobody knows.
  });

  it('take two people from an amount on, and two different ones', async () => {
    const restaurantId = newId();
    const { policy } = await watch.fraud.policy(restaurantId);
    const careful = { ...policy, review: { ...policy.review, twoPersonsFrom: 450_00 } };
    must(await watch.fraud.changePolicy({ restaurantId, policy: careful, expectedVersion: undefined }, reviewer(restaurantId)));
    const { reviewId } = await watch.review({ restaurantId, amount: 450_00 });
    const [one, other] = [reviewer(restaurantId), reviewer(restaurantId)];
    must(await claim(reviewId, one));
    expect(must(await approve(reviewId, one))).toMatchObject({ status: 'open', approvals: [{}], resolution: null });
    must(await claim(reviewId, one));
    expect(code(await approve(reviewId, one))).toBe('fraud.second_person_needed');
    watch.clock.at += 3 * MINUTE;
    must(await claim(reviewId, other));
    expect(must(await approve(reviewId, other))).toMatchObject({ status: 'approved', approvals: [{}, {}] });

    const { reviewId: below } = await watch.review({ restaurantId, amount: 450_00 - 1 });
    must(await claim(below, one));
    expect(must(await approve(below, one))).toMatchObject({ status: 'approved', approvals: [{}] });
  });

  it('list by status, newest first, one restaurant or all', async () => {
    const restaurantId = newId();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await watch.review({ restaurantId })).reviewId);
    must(await claim(ids[1] as string, reviewer(restaurantId)));
    const page = await watch.fraud.reviews(restaurantId, {}, { limit: 3 });
    expect(page.data.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
    const rest = await watch.fraud.reviews(restaurantId, {}, { limit: 3, after: page.next as string });
    expect([rest.data.map(({ id }) => id), rest.next]).toEqual([ids.toReversed().slice(3), null]);
    expect((await watch.fraud.reviews(restaurantId, { status: 'claimed' }, { limit: 9 })).data.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await watch.fraud.reviews(null, { status: 'open' }, { limit: 4 })).data.map(({ id }) => id)).toEqual(
      ids.toReversed().filter((id) => id !== ids[1]),
    );
    const decisions = await watch.fraud.decisions(restaurantId, { action: 'review' }, { limit: 9 });
    expect(decisions.data).toHaveLength(5);
    expect((await watch.fraud.decisions(restaurantId, { action: 'block' }, { limit: 9 })).data).toEqual([]);
  });

  it('are written over by nobody who has not seen the last, and leave nothing behind when refused', async () => {
    const { reviewId, restaurantId } = await watch.review();
    const claimed = await watch.run(async (tx) => {
      const state = await tx.reviews.find(reviewId);
      return state ? Review.claim(state, newId(), AT) : err('gone');
    });
    await watch.run(async (tx) => ok(await tx.reviews.save(must(claimed))));
    await expect(watch.run(async (tx) => ok(await tx.reviews.save(must(claimed))))).rejects.toThrow(WriteConflict);
    const before = (await watch.events()).length;
    await watch.run(async (tx) => {
      const state = await tx.reviews.find(reviewId);
      if (state) await tx.reviews.save(must(Review.expire(state, AT + 3 * MINUTE)));
      return err('no');
    });
    expect([await types(reviewId), (await watch.events()).length]).toEqual([['opened', 'claimed'], before]);
    expect((await watch.fraud.reviews(restaurantId, {}, { limit: 1 })).data).toMatchObject([{ status: 'claimed', version: 2 }]);
  });

  it('record what is known later, of their own restaurant, once', async () => {
    const request = watch.request();
    const { decisionId } = await watch.fraud.assess(request);
    const mine = reviewer(request.restaurantId);
    const label = (isFraud: boolean, actor = mine) => watch.fraud.recordLabel({ decisionId, source: 'complaint', isFraud }, actor);
    expect(code(await label(true, reviewer(newId())))).toBe('fraud.decision_not_found');
    expect(code(await label(true, reviewer(request.restaurantId, newId(), ['fraud:read'])))).toBe('fraud.not_permitted');
    watch.clock.at = AT - 1;
    expect(code(await label(true))).toBe('fraud.label_too_early');
    watch.clock.at = AT + MINUTE;
    expect(must(await label(true))).toEqual([{ source: 'complaint', isFraud: true, labelTime: AT + MINUTE }]);
    expect(code(await label(true))).toBe('fraud.label_known');
    watch.clock.at += MINUTE;
    expect(must(await label(false))).toEqual([{ source: 'complaint', isFraud: false, labelTime: AT + 2 * MINUTE }]);
    expect((await watch.events(`fraud_labels:${decisionId}`)).map(({ data }) => (data as never as { held: object }).held)).toEqual([
      { before: false, after: true },
      { before: true, after: false },
    ]);
  });
});
