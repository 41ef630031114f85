import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetInvitations } from '#application/partners/invitations/forget-invitations.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { INVITATIONS_MAX } from '#domain/partners/invitation.ts';
import { ANONYMOUS } from '#domain/shared/actor.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const PASSWORD = 'Masala-Chai-At-5-sharp!';

describe.each(PROFILES)('invitations on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let other: Kitchen;
  let made = 0;
  const clock = { ahead: 0 };
  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => void rebind(Platform.clock).toConstantValue({ now: () => Date.now() + clock.ahead })),
    );
    kitchen = await openKitchen(world);
    other = await openKitchen(world);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    clock.ahead += 2 * HOUR; // Another hour of mail for everybody.
    for (const place of [kitchen, other]) await place.signIn();
  });

  const at = (path = '') => `/restaurants/${kitchen.restaurantId}/invitations${path}`;
  const invite = (email: string, role = 'kitchen', token = kitchen.owner) => world.post(at(), { email, role }, token);
  const fresh = () => `invited${++made}@staffing.test`;
  const tokenFor = async (email: string) => tokenIn((await mailTo(world.container, email))[0]);
  const accept = (token: string, as?: string) => world.post('/invitations/acceptance', { token }, as);
  const register = (email: string, invitation: string, password = PASSWORD) =>
    world.post('/auth/register', { email, password, displayName: 'Asha', invitation });
  const staffed = async (email: string) =>
    (await world.get(`/restaurants/${kitchen.restaurantId}/staff?limit=100`, kitchen.owner)).body.data.find((member: Json) => member.email === email);

  it('bring somebody who has an account to work, at once, and once', async () => {
    const cook = await world.account(fresh());
    const sent = await invite(cook.email);
    expect(sent).toMatchObject({ status: 201, body: { email: cook.email, role: 'kitchen', status: 'pending' } });
    expect(Date.parse(sent.body.expiresAt) - Date.parse(sent.body.sentAt)).toBe(72 * HOUR);
    expect(JSON.stringify(sent.body)).not.toContain('in_');
    const [mail] = await mailTo(world.container, cook.email);
    expect(mail?.text).toContain('Annapurna invites you to work there as kitchen');
    const token = tokenIn(mail);
    expect(token).toMatch(/^in_/);

    expect((await accept(token)).status).toBe(401);
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders`, cook.token)).status).toBe(403);
    expect(await accept(token, cook.token)).toMatchObject({ status: 200, body: { restaurantId: kitchen.restaurantId, role: 'kitchen' } });
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders`, cook.token)).status).toBe(200);
    expect(await accept(token, cook.token)).toMatchObject({ status: 409, body: { code: 'partners.invitation_over', ending: 'accepted' } });
    expect((await world.get(at('?limit=1'), kitchen.owner)).body.data).toMatchObject([{ id: sent.body.id, status: 'accepted' }]);
    expect(await invite(cook.email)).toMatchObject({ status: 409, body: { code: 'partners.already_staff' } });
  });

  it('let a new person register with it in one step, with their address confirmed', async () => {
    const email = fresh();
    await invite(email, 'waiter');
    const token = await tokenFor(email);
    expect(await register(`x${email}`, token)).toMatchObject({ status: 409, body: { code: 'identity.invitation_refused', reason: 'not_yours' } });
    expect(await register(email, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toMatchObject({
      status: 409,
      body: { reason: 'invalid' },
    });
    expect(await register(email, token, 'Short-1!')).toMatchObject({ status: 422, body: { code: 'identity.password_weak' } });
    expect(await register(email, token)).toMatchObject({ status: 201, body: { email, emailVerified: true } });
    const { accessToken } = (await world.post('/auth/login', { identifier: email, password: PASSWORD })).body;
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders`, accessToken)).status).toBe(200);
    expect(await staffed(email)).toMatchObject({ role: 'waiter', displayName: 'Asha' });
    // No other mail asked them to confirm what the first one showed.
    expect((await mailTo(world.container, email)).map(({ subject }) => subject)).toEqual(['You are invited to work at Annapurna']);
    expect(await register(`y${email}`, token)).toMatchObject({ status: 409, body: { reason: 'not_yours' } });
    // Whoever was refused has no account.
    expect((await world.post('/auth/login', { identifier: `x${email}`, password: PASSWORD })).status).toBe(401);
  });

  it('are no password, and are for nobody but whom they were sent to', async () => {
    const meant = await world.account(fresh());
    const thief = await world.account(fresh());
    await invite(meant.email, 'manager');
    const token = await tokenFor(meant.email);
    expect((await world.post('/auth/login', { identifier: meant.email, password: token })).status).toBe(401);
    expect((await world.get('/me', token)).status).toBe(401);
    expect((await world.post('/auth/reset-password/confirm', { token, newPassword: PASSWORD })).status).toBeGreaterThanOrEqual(400);
    expect(await accept(token, thief.token)).toMatchObject({ status: 403, body: { code: 'partners.invitation_not_yours' } });
    expect(await staffed(thief.email)).toBeUndefined();

    // An address that was only typed is nobody's yet.
    const typed = fresh();
    await world.container.get(Identity.useCases).registerAccount({ email: typed, password: PASSWORD, displayName: 'Who' }, ANONYMOUS);
    const { accessToken } = (await world.post('/auth/login', { identifier: typed, password: PASSWORD })).body;
    await invite(typed, 'waiter');
    expect(await accept(tokenIn((await mailTo(world.container, typed)).find(({ text }) => text.includes('#token=in_'))), accessToken)).toMatchObject({
      status: 403,
      body: { code: 'partners.address_unconfirmed' },
    });
    for (const bad of ['', 'x', 'in_x.y', `ve${token.slice(2)}`]) expect((await accept(bad, meant.token)).status).toBe(400);
    expect((await accept(token, meant.token)).status).toBe(200);
  });

  it('end: by time, taken back, or replaced, and each says so', async () => {
    const cook = await world.account(fresh());
    const first = (await invite(cook.email)).body;
    const lost = await tokenFor(cook.email);
    const second = await world.post(at(`/${first.id}/resend`), undefined, kitchen.owner);
    expect(second).toMatchObject({ status: 201, body: { email: cook.email, status: 'pending' } });
    expect(second.body.id).not.toBe(first.id);
    const newer = await tokenFor(cook.email);
    expect(await accept(lost, cook.token)).toMatchObject({ status: 409, body: { ending: 'superseded' } });
    expect(await world.post(at(`/${first.id}/resend`), undefined, kitchen.owner)).toMatchObject({ status: 409, body: { ending: 'superseded' } });
    // Inviting anew replaces it, too.
    const third = (await invite(cook.email, 'waiter')).body;
    expect(await accept(newer, cook.token)).toMatchObject({ body: { ending: 'superseded' } });
    const last = await tokenFor(cook.email);
    expect((await world.call('DELETE', at(`/${third.id}`), { token: kitchen.owner })).status).toBe(204);
    expect(await accept(last, cook.token)).toMatchObject({ status: 409, body: { ending: 'revoked' } });
    expect(await world.call('DELETE', at(`/${third.id}`), { token: kitchen.owner })).toMatchObject({ status: 409, body: { ending: 'revoked' } });
    expect((await world.get(at('?limit=3'), kitchen.owner)).body.data.map(({ status }: Json) => status)).toEqual([
      'revoked',
      'superseded',
      'superseded',
    ]);

    const old = (await invite(cook.email)).body;
    const slept = await tokenFor(cook.email);
    clock.ahead += 72 * HOUR;
    await kitchen.signIn();
    const token = await world.signIn(cook.email);
    expect(await accept(slept, token)).toMatchObject({ status: 409, body: { ending: 'expired' } });
    expect((await world.get(at('?limit=1'), kitchen.owner)).body.data).toMatchObject([{ id: old.id, status: 'expired' }]);
    expect((await world.call('DELETE', at(`/${old.id}`), { token: kitchen.owner })).status).toBe(409);
    expect((await world.post(at(`/${old.id}/resend`), undefined, kitchen.owner)).status).toBe(201);
    expect((await accept(await tokenFor(cook.email), token)).status).toBe(200);
  });

  it('offer no more than whoever sends them may give, on the day they are taken up', async () => {
    const manager = await world.account(fresh());
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: manager.email, role: 'manager' }, kitchen.owner);
    const [one, two] = [await world.account(fresh()), await world.account(fresh())];
    expect(await invite(one.email, 'owner', manager.token)).toMatchObject({ status: 403, body: { code: 'partners.owner_required' } });
    const { id } = (
      await world.post(`/restaurants/${kitchen.restaurantId}/roles`, { name: `Auditor ${++made}`, permissions: ['audit:read'] }, kitchen.owner)
    ).body;
    expect(await invite(one.email, id, manager.token)).toMatchObject({ status: 403, body: { code: 'partners.beyond_your_reach' } });
    await invite(one.email, 'cashier', manager.token);
    await invite(two.email, id);
    const [forOne, forTwo] = [await tokenFor(one.email), await tokenFor(two.email)];
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: manager.email, role: 'waiter' }, kitchen.owner);
    expect(await accept(forOne, one.token)).toMatchObject({
      status: 409,
      body: { code: 'partners.inviter_may_not', permissions: expect.arrayContaining(['staff:write']) },
    });
    expect((await world.call('DELETE', `/restaurants/${kitchen.restaurantId}/roles/${id}`, { token: kitchen.owner })).status).toBe(204);
    expect(await accept(forTwo, two.token)).toMatchObject({ status: 422, body: { code: 'partners.role_unknown' } });
    // Whoever became staff in another way keeps the role they have.
    const three = await world.account(fresh());
    await invite(three.email, 'rider');
    const forThree = await tokenFor(three.email);
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: three.email, role: 'manager' }, kitchen.owner);
    expect(await accept(forThree, three.token)).toMatchObject({ status: 409, body: { code: 'partners.already_staff' } });
    expect(await staffed(three.email)).toMatchObject({ role: 'manager' });
  });

  it('are one place for one person, whoever is quicker', async () => {
    const cook = await world.account(fresh());
    await invite(cook.email);
    const token = await tokenFor(cook.email);
    const answers = await Promise.all(Array.from({ length: 6 }, () => accept(token, cook.token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    const email = fresh();
    await invite(email);
    const theirs = await tokenFor(email);
    const registered = await Promise.all(Array.from({ length: 4 }, () => register(email, theirs)));
    expect(registered.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('are bounded: so many that wait, so many mails to an address', async () => {
    const email = fresh();
    for (let i = 0; i < 5; i++) expect((await invite(email)).status).toBe(201);
    expect(await invite(email)).toMatchObject({ status: 429, body: { code: 'partners.too_much_mail' } });
    expect(await world.post(`/restaurants/${other.restaurantId}/invitations`, { email, role: 'rider' }, other.owner)).toMatchObject({ status: 429 });
    const waiting = async () =>
      (await world.get(`/restaurants/${other.restaurantId}/invitations?limit=100`, other.owner)).body.data.filter(
        ({ status }: Json) => status === 'pending',
      ).length;
    for (let i = await waiting(); i < INVITATIONS_MAX; i++) {
      expect((await world.post(`/restaurants/${other.restaurantId}/invitations`, { email: fresh(), role: 'rider' }, other.owner)).status).toBe(201);
    }
    expect(await world.post(`/restaurants/${other.restaurantId}/invitations`, { email: fresh(), role: 'rider' }, other.owner)).toMatchObject({
      status: 409,
      body: { code: 'partners.too_many_invitations', limit: INVITATIONS_MAX },
    });
    expect(await waiting()).toBe(INVITATIONS_MAX);
  });

  it('are their restaurant’s, and for those who may give roles', async () => {
    const { id } = (await invite(fresh())).body;
    const there = `/restaurants/${other.restaurantId}/invitations/${id}`;
    expect(await world.call('DELETE', there, { token: other.owner })).toMatchObject({ status: 404, body: { code: 'partners.invitation_not_found' } });
    expect(await world.post(`${there}/resend`, undefined, other.owner)).toMatchObject({ status: 404 });
    expect((await world.get(at(), other.owner)).status).toBe(404);
    expect((await world.get(at(), kitchen.customer)).status).toBe(403);
    expect((await invite(fresh(), 'kitchen', kitchen.customer)).status).toBe(403);
    expect((await invite(fresh(), 'admin')).status).toBe(400);
    // The trail says who invited whom to what, and no address.
    await world.container.get(Platform.eventLog).settle();
    const trail = await world.get(`/restaurants/${kitchen.restaurantId}/audit?type=partners.&limit=100`, kitchen.owner);
    const types = trail.body.data.map(({ type }: Json) => type);
    expect(types).toEqual(expect.arrayContaining(['partners.invitation_sent', 'partners.invitation_accepted', 'partners.invitation_revoked']));
    expect(JSON.stringify(trail.body)).not.toContain('@staffing.test');
  });

  it('are forgotten in time', async () => {
    clock.ahead += 100 * 24 * HOUR;
    const uow = world.container.get(Partners.uow);
    const job = forgetInvitations({ uow, clock: world.container.get(Platform.clock) });
    expect(await job.run()).toBeGreaterThan(INVITATIONS_MAX);
    await kitchen.signIn();
    expect((await world.get(at(), kitchen.owner)).body.data).toEqual([]);
  });
});
