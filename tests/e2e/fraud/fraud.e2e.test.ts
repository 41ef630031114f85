import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptRequest } from '#application/fraud/gather-signals.ts';
import type { Job } from '#application/shared/job.ts';
import { Fraud } from '#composition/modules/fraud.ts';
import { Platform } from '#composition/modules/platform.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe.each(PROFILES)('fraud over HTTP on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let elsewhere: Kitchen;
  let admin: string;
  let support: string;
  let manager: { readonly token: string; readonly accountId: string; readonly email: string };
  let at: string;
  const clock = new VirtualClock(1_764_000_000_000);
  beforeAll(async () => {
    world = await startWorld(profile, clock.override());
    kitchen = await openKitchen(world);
    elsewhere = await openKitchen(world);
    admin = (await world.account('admin@fraud.test', 'admin')).token;
    support = (await world.account('support@fraud.test', 'support')).token;
    manager = await world.account('manager@fraud.test');
    at = `/restaurants/${kitchen.restaurantId}`;
    await world.post(`${at}/staff`, { email: manager.email, role: 'manager' }, kitchen.owner);
    await world.post(`${at}/staff`, { email: (await world.account('cashier@fraud.test')).email, role: 'cashier' }, kitchen.owner);
  });
  afterAll(() => world?.close());

  /** Time passes in here, and tokens end with it. */
  beforeEach(async () => {
    kitchen.owner = await world.signIn(kitchen.people.owner);
    elsewhere.owner = await world.signIn(elsewhere.people.owner);
    kitchen.customer = await world.signIn(kitchen.people.customer);
    admin = await world.signIn('admin@fraud.test');
    support = await world.signIn('support@fraud.test');
    manager = { ...manager, token: await world.signIn(manager.email) };
  });

  const assess = (changes: Partial<AttemptRequest> = {}) =>
    world.container.get(Fraud.useCases).assess({
      restaurantId: kitchen.restaurantId,
      orderId: crypto.randomUUID(),
      customerId: kitchen.customerId,
      paymentId: crypto.randomUUID(),
      amount: 450_00,
      currency: 'INR',
      method: 'card',
      at: clock.now(),
      ...changes,
    });
  /** The cashier eats at their own till. */
  const openReview = async (changes: Partial<AttemptRequest> = {}) => {
    const staff = (await world.get(`${at}/staff`, kitchen.owner)).body.data as Json[];
    const { accountId } = staff.find(({ email }) => email === 'cashier@fraud.test');
    const answer = await assess({ customerId: accountId, ...changes });
    if (!answer.review) throw new Error(`expected a review, got ${answer.action}`);
    return { ...answer.review, decisionId: answer.decisionId, customerId: accountId };
  };
  const claim = (reviewId: string, token: string) => world.call('POST', `/fraud/reviews/${reviewId}/claim`, { token });
  const approve = (reviewId: string, token: string, body?: object) =>
    world.call('POST', `/fraud/reviews/${reviewId}/approval`, { token, ...(body && { body }) });
  const reject = (reviewId: string, token: string, body: unknown = { reason: 'four cards in five minutes' }) =>
    world.post(`/fraud/reviews/${reviewId}/rejection`, body, token);

  it('shows an ordinary order what it was judged by, and nothing that names anybody', async () => {
    const order = (await world.order(kitchen.body([kitchen.line('thali')], { payment: 'online' }), kitchen.customer)).body;
    const { decisionId, action } = await assess({ orderId: order.id, amount: order.total.amount, deviceId: 'a-phone', ip: '203.0.113.8' });
    expect(action).toBe('allow');
    const { body, status } = await world.get(`/fraud/decisions/${decisionId}`, manager.token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ orderId: order.id, action: 'allow', amount: order.total, rules: [], features: { basket_units: 1 } });
    const sum = Object.values(body.contributions as Record<string, number>).reduce((total, one) => total + one, body.bias);
    expect(sum).toBeCloseTo(body.logit, 8);
    expect(Object.keys(body).toSorted()).not.toContain('signals');
    const list = (await world.get(`${at}/fraud/decisions?action=allow`, manager.token)).body.data as Json[];
    expect(list.map(({ id }) => id)).toContain(decisionId);
    expect((await world.get(`${at}/fraud/decisions?action=block`, manager.token)).body.data).toEqual([]);
  });

  it('is nothing for customers, other tenants, or staff without the permission', async () => {
    const { reviewId, decisionId } = await openReview();
    const cashier = await world.signIn('cashier@fraud.test');
    for (const [path, token, status] of [
      [`/fraud/decisions/${decisionId}`, kitchen.customer, 404],
      [`/fraud/decisions/${decisionId}`, elsewhere.owner, 404],
      [`/fraud/decisions/${decisionId}`, cashier, 404],
      [`/fraud/decisions/${decisionId}`, support, 200],
      [`/fraud/decisions/${decisionId}`, admin, 200],
      [`/fraud/decisions/${NOBODY}`, admin, 404],
      [`${at}/fraud/decisions`, kitchen.customer, 403],
      [`${at}/fraud/decisions`, cashier, 403],
      [`${at}/fraud/reviews`, elsewhere.owner, 404],
      [`${at}/fraud/reviews`, support, 200],
      ['/fraud/reviews', kitchen.owner, 403],
      ['/fraud/reviews', support, 403],
      ['/fraud/reviews', admin, 200],
      ['/fraud/list-entries', kitchen.owner, 403],
      [`${at}/fraud/list-entries`, support, 403],
      [`${at}/fraud/list-entries`, elsewhere.owner, 404],
      [`${at}/fraud/policy`, elsewhere.owner, 404],
    ] as const) {
      expect([path, (await world.get(path, token)).status]).toEqual([path, status]);
    }
    for (const token of [kitchen.customer, elsewhere.owner]) {
      expect(await claim(reviewId, token)).toMatchObject({ status: 404, body: { code: 'fraud.review_not_found' } });
      expect(await reject(reviewId, token)).toMatchObject({ status: 404, body: { code: 'fraud.review_not_found' } });
    }
    expect(await claim(reviewId, support)).toMatchObject({ status: 403, body: { code: 'fraud.not_permitted', permission: 'fraud:review' } });
    expect(await claim(NOBODY, admin)).toMatchObject({ status: 404 });
    const label = (token: string) => world.post(`/fraud/decisions/${decisionId}/labels`, { source: 'complaint', isFraud: true }, token);
    expect((await label(elsewhere.owner)).status).toBe(404);
    expect((await label(support)).status).toBe(403);
    expect(await label(manager.token)).toMatchObject({ status: 201, body: { data: [{ source: 'complaint', isFraud: true }] } });
    expect(await label(manager.token)).toMatchObject({ status: 409, body: { code: 'fraud.label_known' } });
  });

  it('gives a review to exactly one of many who claim it, and lets them decide', async () => {
    const { reviewId } = await openReview();
    const answers = await Promise.all([kitchen.owner, manager.token, admin, kitchen.owner, manager.token].map((token) => claim(reviewId, token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(new Set(won.map(({ body }) => body.claim.by)).size).toBe(1); // The same person may claim it twice.
    for (const { status, body } of answers) if (status !== 200) expect(['fraud.review_claimed', 'http.write_conflict']).toContain(body.code);

    const holder = [kitchen.owner, manager.token, admin, kitchen.owner, manager.token][answers.findIndex(({ status }) => status === 200)] as string;
    const other = holder === manager.token ? admin : manager.token;
    expect(await reject(reviewId, other)).toMatchObject({ status: 409, body: { code: 'fraud.review_not_claimed' } });
    expect((await reject(reviewId, holder, {})).status).toBe(400);
    expect((await reject(reviewId, holder, { reason: ' ' })).status).toBe(400);
    const rejected = await reject(reviewId, holder);
    expect(rejected).toMatchObject({
      status: 200,
      body: { status: 'rejected', resolution: { reason: 'four cards in five minutes', isDefault: false } },
    });
    expect(rejected.headers.get('etag')).toBe(`"${rejected.body.version}"`);
    expect(await approve(reviewId, holder)).toMatchObject({ status: 409, body: { code: 'fraud.review_closed', reviewStatus: 'rejected' } });
  });

  it('lets nobody decide on their own order', async () => {
    const { accountId, token } = await world.account('greedy@fraud.test');
    await world.post(`${at}/staff`, { email: 'greedy@fraud.test', role: 'manager' }, kitchen.owner);
    const { reviewId } = await openReview({ customerId: accountId });
    const fresh = await world.signIn('greedy@fraud.test');
    expect(token).not.toBe('');
    expect(await claim(reviewId, fresh)).toMatchObject({ status: 403, body: { code: 'fraud.own_order' } });
    expect((await claim(reviewId, manager.token)).status).toBe(200);
    expect(await approve(reviewId, manager.token, { reason: 'known by phone' })).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it('wants a second person above an amount that the restaurant sets', async () => {
    const { body: policy, headers } = await world.get(`${at}/fraud/policy`, kitchen.owner);
    expect(headers.get('etag')).toBe('"0"');
    const { version: _, ...facts } = policy;
    const put = (body: object, ifMatch?: string, token = kitchen.owner) =>
      world.call('PUT', `${at}/fraud/policy`, { token, body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
    const careful = { ...facts, review: { ...facts.review, twoPersonsFrom: 400_00 } };
    expect((await put(careful, '"0"', support)).status).toBe(403);
    expect(await put(careful, '"0"')).toMatchObject({ status: 200, body: { version: 1, review: { twoPersonsFrom: 400_00 } } });
    expect(await put(careful, '"0"')).toMatchObject({ status: 412, body: { code: 'fraud.changed_meanwhile', version: 1 } });
    expect(await put({ ...careful, costs: { ...careful.costs, margin: 2 } })).toMatchObject({
      status: 422,
      body: { code: 'fraud.policy_malformed', at: 'costs.margin' },
    });
    expect(await put({ ...careful, extra: 1 })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/extra' }] } });
    expect((await put({ review: 1 })).status).toBe(400);

    const { reviewId } = await openReview();
    await claim(reviewId, manager.token);
    expect(await approve(reviewId, manager.token)).toMatchObject({ status: 200, body: { status: 'open', approvals: [{}], approvalsNeeded: 2 } });
    await claim(reviewId, manager.token);
    expect(await approve(reviewId, manager.token)).toMatchObject({ status: 409, body: { code: 'fraud.second_person_needed' } });
    clock.advance(3 * MINUTE);
    expect((await claim(reviewId, kitchen.owner)).status).toBe(200);
    expect(await approve(reviewId, kitchen.owner)).toMatchObject({ status: 200, body: { status: 'approved', approvals: [{}, {}] } });
    await put(facts);
  });

  it('gives a review back when its lease is over, and decides by itself in the end', async () => {
    const job = world.container.getAll(Platform.jobs).find(({ name }) => name === 'fraud-expire-reviews') as Job;
    const { reviewId, deadline } = await openReview();
    expect(deadline).toBe(clock.now() + 8 * MINUTE);
    const review = async () =>
      ((await world.get(`${at}/fraud/reviews?limit=100`, manager.token)).body.data as Json[]).find(({ id }) => id === reviewId);
    expect((await claim(reviewId, manager.token)).status).toBe(200);
    expect(await claim(reviewId, kitchen.owner)).toMatchObject({ status: 409, body: { code: 'fraud.review_claimed' } });
    clock.advance(3 * MINUTE);
    await job.run();
    expect(await review()).toMatchObject({ status: 'open', claim: null });
    expect(await approve(reviewId, manager.token)).toMatchObject({ status: 409, body: { code: 'fraud.review_not_claimed' } });
    expect((await claim(reviewId, kitchen.owner)).status).toBe(200);
    clock.advance(5 * MINUTE);
    expect(await approve(reviewId, kitchen.owner)).toMatchObject({ status: 409, body: { code: 'fraud.review_overdue' } });
    await job.run();
    expect(await review()).toMatchObject({ status: 'rejected', resolution: { by: 'system', isDefault: true } });
    expect(await claim(reviewId, kitchen.owner)).toMatchObject({ status: 409, body: { code: 'fraud.review_closed' } });
  });

  it('denies and allows what it is told to, for one restaurant or for all', async () => {
    const deviceId = `till-${profile}`;
    const entry = { list: 'deny', kind: 'device', value: deviceId, reason: 'seen before' };
    const added = await world.post(`${at}/fraud/list-entries`, entry, kitchen.owner);
    expect(added).toMatchObject({ status: 201, body: { ...entry, expiresAt: null, addedBy: expect.any(String) } });
    expect(await world.post(`${at}/fraud/list-entries`, entry, kitchen.owner)).toMatchObject({
      status: 409,
      body: { code: 'fraud.entry_exists', entryId: added.body.id },
    });
    expect((await assess({ deviceId })).action).toBe('block');
    expect((await assess({ deviceId, restaurantId: elsewhere.restaurantId })).action).toBe('allow');

    const remove = (path: string, token: string) => world.call('DELETE', `${path}/${added.body.id}`, { token });
    expect((await remove(`/restaurants/${elsewhere.restaurantId}/fraud/list-entries`, elsewhere.owner)).status).toBe(404);
    expect((await remove('/fraud/list-entries', admin)).status).toBe(404);
    expect((await remove(`${at}/fraud/list-entries`, kitchen.owner)).status).toBe(204);
    expect((await remove(`${at}/fraud/list-entries`, kitchen.owner)).status).toBe(404);

    const everywhere = await world.post('/fraud/list-entries', { ...entry, expiresAt: '2099-01-01T00:00:00Z' }, admin);
    expect(everywhere).toMatchObject({ status: 201, body: { expiresAt: '2099-01-01T00:00:00.000Z' } });
    await world.post(`${at}/fraud/list-entries`, { ...entry, list: 'allow' }, kitchen.owner);
    expect((await assess({ deviceId })).action).toBe('block'); // Allowing never outdoes denying.
    expect(((await world.get('/fraud/list-entries?list=deny', admin)).body.data as Json[]).map(({ id }) => id)).toEqual([everywhere.body.id]);
    expect(((await world.get(`${at}/fraud/list-entries`, kitchen.owner)).body.data as Json[]).map(({ list }) => list)).toEqual(['allow']);
    await world.call('DELETE', `/fraud/list-entries/${everywhere.body.id}`, { token: admin });

    const { decisionId } = await assess({ instrument: 'fp-1' });
    const fromDecision = await world.post(
      `${at}/fraud/list-entries`,
      { list: 'deny', kind: 'instrument', decisionId, reason: 'that card' },
      kitchen.owner,
    );
    expect(fromDecision.status).toBe(201);
    expect((await assess({ instrument: 'fp-1' })).action).toBe('block');
    const theirs = `/restaurants/${elsewhere.restaurantId}/fraud/list-entries`;
    expect((await world.post(theirs, { list: 'deny', kind: 'instrument', decisionId, reason: 'not theirs' }, elsewhere.owner)).status).toBe(404);
  });

  it('answers bad input with what is wrong with it', async () => {
    const post = async (body: unknown) => {
      const { status, body: problem } = await world.post(`${at}/fraud/list-entries`, body, kitchen.owner);
      return [status, problem.code, ...(problem.errors ?? []).map(({ pointer }: { pointer: string }) => pointer)];
    };
    const entry = { list: 'deny', kind: 'ip', value: '203.0.113.9', reason: 'x' };
    for (const [bad, ...at] of [
      [{ ...entry, list: 'grey' }, '/list'],
      [{ ...entry, kind: 'mood' }, '/kind'],
      [{ ...entry, reason: '' }, '/reason'],
      [{ ...entry, value: 'x'.repeat(255) }, '/value'],
      [{ ...entry, decisionId: NOBODY }, '/decisionId'],
      [{ ...entry, extra: true }, '/extra'],
      [{ ...entry, expiresAt: 'soon' }, '/expiresAt'],
      [{ ...entry, expiresAt: '2999-01-01T00:00:00Z' }, '/expiresAt'],
      [{ ...entry, value: 7 }, '/value'],
      [{ ...entry, kind: 'mood', reason: '' }, '/kind', '/reason'],
      [[], ''],
    ] as const) {
      expect([bad, ...(await post(bad))]).toEqual([bad, 400, 'http.invalid_request', ...at.map((pointer) => `/body${pointer}`)]);
    }
    expect(await post({ ...entry, value: 'everywhere' })).toEqual([422, 'fraud.entry_value_malformed']);
    expect(await post({ ...entry, expiresAt: '2020-01-01T00:00:00Z' })).toEqual([422, 'fraud.entry_expired']);
    const { value: _, ...of } = entry;
    expect(await post({ ...of, decisionId: NOBODY })).toEqual([404, 'fraud.decision_not_found']);
    for (const path of [
      '/fraud/decisions/42',
      `${at}/fraud/reviews?status=lost`,
      `${at}/fraud/decisions?action=shoot`,
      `${at}/fraud/decisions?limit=0`,
    ]) {
      expect([path, (await world.get(path, kitchen.owner)).status]).toEqual([path, 400]);
    }
    expect((await world.call('POST', '/fraud/reviews/42/claim', { token: kitchen.owner })).status).toBe(400);
    expect((await world.call('PATCH', '/fraud/list-entries', { token: admin, body: {} })).status).toBe(405);
  });

  it('pages', async () => {
    const first = await world.get(`${at}/fraud/decisions?limit=2`, kitchen.owner);
    expect(first.body.data).toHaveLength(2);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] as string;
    const second = await world.get(next, kitchen.owner);
    expect(second.body.data[0].id < first.body.data[1].id).toBe(true);
  });

  it('leaves data that keeps every promise', async () => {
    await world.container.get(Platform.eventLog).settle();
    if (profile === 'memory') return;
    const sql = world.container.get(Platform.sql);
    for (const { id, sql: text } of INVARIANTS.filter((one) => one.id.startsWith('fraud') || one.id.startsWith('streams'))) {
      expect([id, await sql()<Json>(text)]).toEqual([id, []]);
    }
  });
});
