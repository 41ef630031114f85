import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { Authenticator } from '../../support/authenticator.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const ORIGIN = 'http://thali.test';
const MINUTE = 60_000;
const INVALID = { status: 401, body: { code: 'identity.passkey_invalid' } };

describe.each(PROFILES)('passkeys on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(Date.now());
    world = await startWorld(profile, clock.override());
  });
  afterAll(() => world?.close());

  const person = async () => {
    const email = `keyed${++made}@example.com`;
    await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen' });
    const { body } = await world.post('/auth/login', { identifier: email, password: PASSWORD });
    return { email, token: body.accessToken as string };
  };
  const options = async (token: string) => (await world.post('/me/passkeys/options', { password: PASSWORD }, token)).body;
  const add = (token: string, credential: object, name = 'My phone') => world.post('/me/passkeys', { name, credential }, token);
  const keyed = async () => {
    const me = await person();
    const phone = new Authenticator(ORIGIN);
    const added = await add(me.token, phone.create(await options(me.token)));
    expect(added.status).toBe(201);
    return { ...me, phone, id: added.body.id as string };
  };
  const signIn = async (phone: Authenticator) => {
    const asked = (await world.post('/auth/passkey/options', undefined)).body;
    return world.post('/auth/passkey', { credential: phone.get(asked) });
  };
  const remove = (id: string, token: string, password = PASSWORD) => world.call('DELETE', `/me/passkeys/${id}`, { body: { password }, token });

  it('are added, sign in by themselves, and are removed', async () => {
    const { email, token } = await person();
    expect((await world.post('/me/passkeys/options', { password: 'wrong' }, token)).body.code).toBe('identity.password_wrong');
    const phone = new Authenticator(ORIGIN);
    const asked = await options(token);
    expect(asked).toMatchObject({ rp: { id: 'thali.test', name: 'Thali' }, authenticatorSelection: { userVerification: 'required' } });
    const added = await add(token, phone.create(asked), ' Tara’s phone ');
    expect(added).toMatchObject({ status: 201, body: { name: 'Tara’s phone', usedAt: null } });

    const signedIn = await signIn(phone);
    expect(signedIn.status).toBe(200);
    expect((await world.get('/me', signedIn.body.accessToken)).body.email).toBe(email);
    expect((await world.get('/me/sessions', signedIn.body.accessToken)).body.data[0].proofs).toEqual(['passkey']);
    expect((await world.get('/me/passkeys', token)).body.data).toMatchObject([{ id: added.body.id, usedAt: expect.any(String) }]);
    expect((await mailTo(world.container, email))[0]?.text).toContain('A passkey was added');

    expect((await remove(added.body.id, (await person()).token)).status).toBe(404);
    expect((await remove(added.body.id, token, 'wrong')).status).toBe(403);
    expect((await remove(added.body.id, token)).status).toBe(204);
    expect((await remove(added.body.id, token)).body.code).toBe('identity.passkey_not_found');
    expect(await signIn(phone)).toMatchObject(INVALID);
  });

  it('satisfy an account that asks for a second factor, which a password alone does not', async () => {
    const { email, token, phone } = await keyed();
    const { secret } = (await world.post('/me/second-factor', { password: PASSWORD }, token)).body;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    expect((await world.post('/me/second-factor/confirmation', { code }, token)).status).toBe(200);
    expect((await world.post('/auth/login', { identifier: email, password: PASSWORD })).body.accessToken).toBeUndefined();
    expect((await signIn(phone)).status).toBe(200);
  });

  it('answer a challenge once, of twenty at once, within five minutes', async () => {
    const { phone } = await keyed();
    phone.isCounting = false; // Nothing but the challenge keeps its answer from being shown again.
    const asked = (await world.post('/auth/passkey/options', undefined)).body;
    const credential = phone.get(asked);
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.post('/auth/passkey', { credential })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = (await world.post('/auth/passkey/options', undefined)).body;
    clock.advance(5 * MINUTE);
    expect(await world.post('/auth/passkey', { credential: phone.get(late) })).toMatchObject(INVALID);
    expect((await signIn(phone)).status).toBe(200);
  });

  it('prove nothing with another’s key, challenge or origin, without their owner’s finger, or when copied', async () => {
    const { phone, token } = await keyed();
    const other = await keyed();
    const ask = async () => (await world.post('/auth/passkey/options', undefined)).body;
    const show = (credential: object) => world.post('/auth/passkey', { credential });

    const swapped = { ...phone.get(await ask()), id: other.phone.credentialId.toString('base64url') };
    expect(await show({ ...swapped, rawId: swapped.id })).toMatchObject(INVALID);
    expect(await show(phone.get({ challenge: Buffer.from('of my own').toString('base64url'), rpId: 'thali.test' }))).toMatchObject(INVALID);
    const forAdding = await options(token);
    expect(await show(phone.get({ challenge: forAdding.challenge, rpId: 'thali.test' }))).toMatchObject(INVALID);
    expect(await show(phone.get({ ...(await ask()), rpId: 'evil.test' }))).toMatchObject(INVALID);
    expect(await show(Object.assign(phone, { origin: 'http://evil.test' }).get(await ask()))).toMatchObject(INVALID);
    Object.assign(phone, { origin: ORIGIN, flags: 1 });
    expect(await signIn(phone)).toMatchObject(INVALID);
    phone.flags = 5;
    expect((await signIn(phone)).status).toBe(200);
    phone.counter -= 1; // A copy that was made before the last sign-in.
    expect(await signIn(phone)).toMatchObject(INVALID);
    expect(await signIn(new Authenticator(ORIGIN))).toMatchObject(INVALID);
  });

  it('are added to the account that began, each once, and ten at most', async () => {
    const [mine, theirs] = [await person(), await person()];
    const phone = new Authenticator(ORIGIN);
    const asked = await options(mine.token);
    expect(await add(theirs.token, phone.create(asked))).toMatchObject(INVALID);
    const again = await options(mine.token);
    expect((await add(mine.token, phone.create(again))).status).toBe(201);
    expect(await add(mine.token, phone.create(again))).toMatchObject(INVALID);
    expect(await add(theirs.token, phone.create(await options(theirs.token)))).toMatchObject(INVALID); // It is somebody’s already.
    for (let i = 1; i < 10; i++) expect((await add(mine.token, new Authenticator(ORIGIN).create(await options(mine.token)))).status).toBe(201);
    expect(await add(mine.token, new Authenticator(ORIGIN).create(await options(mine.token)))).toMatchObject({
      status: 409,
      body: { code: 'identity.too_many_passkeys', limit: 10 },
    });
  });

  it('go when the old address takes an account back: whoever changed it had time to add one', async () => {
    const { email, token, phone } = await keyed();
    const away = `away-${email}`;
    await world.post('/me/email', { email: away, password: PASSWORD }, token);
    await world.post('/auth/confirm-email', { token: tokenIn((await mailTo(world.container, away))[0]) });
    expect((await signIn(phone)).status).toBe(200);
    const told = (await mailTo(world.container, email)).find(({ text }) => text.includes('undo-email'));
    expect((await world.post('/auth/undo-email', { token: tokenIn(told) })).status).toBe(204);
    expect(await signIn(phone)).toMatchObject(INVALID);
  });

  it('go with the account, and with whoever registered somebody else’s address', async () => {
    const closing = await keyed();
    const { id } = (await world.get('/me', closing.token)).body;
    expect((await world.call('DELETE', '/me', { body: { password: PASSWORD }, token: closing.token })).status).toBe(204);
    expect(await signIn(closing.phone)).toMatchObject(INVALID);
    expect(await world.container.get(Identity.queries).passkeys(id)).toEqual([]);

    const { email, phone } = await keyed();
    await world.post('/auth/reset-password', { identifier: email });
    const token = tokenIn((await mailTo(world.container, email))[0]);
    expect((await world.post('/auth/verify-reset', { token, newPassword: 'Kulfi-at-9-maybe' })).status).toBe(204);
    expect(await signIn(phone)).toMatchObject(INVALID);
  });

  it.each([{}, { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' } }])(
    'are not %j',
    async (credential) => {
      expect((await world.post('/auth/passkey', { credential })).status).toBeLessThan(402);
    },
  );
});
