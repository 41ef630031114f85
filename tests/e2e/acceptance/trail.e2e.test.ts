import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '#application/shared/job.ts';
import { Platform } from '#composition/modules/platform.ts';
import { eventsOf } from '../../support/events.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const DAY = 86_400_000;
const START = Date.parse('2026-11-21T10:30:00Z');

describe.each(PROFILES)('what was done, on %s', (profile) => {
  let world: World;
  let clock: VirtualClock;
  let admin: { readonly token: string; readonly accountId: string };
  let made = 0;

  beforeAll(async () => {
    clock = new VirtualClock(START);
    world = await startWorld(profile, clock.override());
    admin = await world.account('chief@example.com', 'admin');
  });
  afterAll(() => world?.close());

  const settle = () => world.container.get(Platform.eventLog).settle();
  const login = (email: string, password = PASSWORD) => world.post('/auth/login', { identifier: email, password });
  const person = async () => {
    const email = `watched${++made}@example.com`;
    const { body } = await world.post('/auth/register', { email, password: PASSWORD, displayName: 'Nila Roy' });
    return { email, accountId: body.id as string, ...(await login(email)).body };
  };

  it('is found by type, actor and time, counted by day, and exported without formulas', async () => {
    await person();
    clock.advance(DAY);
    const { accountId } = await person();
    const { accessToken: token } = (await world.post('/auth/login', { identifier: 'chief@example.com', password: 'Dosa-And-Chutney-1!' })).body;
    await settle();
    const count = async (query: string) => (await world.get(`/audit/statistics?${query}`, token)).body;
    const all = await count('type=identity.account_registered');
    expect(all).toMatchObject({ total: 3, types: [{ name: 'identity.account_registered', count: 3 }] });
    expect(all.days).toEqual([
      { name: '2026-11-22', count: 1 },
      { name: '2026-11-21', count: 2 },
    ]);
    expect((await count('type=identity.account_registered&from=2026-11-22T00:00:00Z')).days).toEqual([{ name: '2026-11-22', count: 1 }]);
    const found = (await world.get('/audit?type=identity.account_registered&limit=1', token)).body;
    expect(found.data).toMatchObject([{ type: 'identity.account_registered', data: { accountId } }]);
    const csv = (await world.get('/audit/entries.csv?type=identity.', token)).body as string;
    expect(csv.split('\r\n')[0]).toBe('id,class,seq,at,type,actor,restaurantId,stream,data,hash');
    expect(csv).not.toMatch(/(^|,)[=+@-]/m);
    clock.advance(-DAY);
  });

  it('is changed by nobody: there is no way to ask for it, and the table refuses', async () => {
    await settle();
    const { data } = (await world.get('/audit?limit=1', admin.token)).body;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/audit', '/audit/entries.csv', '/audit/statistics'])
        expect((await world.call(method, path, { token: admin.token, body: {} })).status).toBe(405);
      expect((await world.call(method, `/audit/${data[0].id}`, { token: admin.token, body: {} })).status).toBe(404);
    }
    if (!world.container.isBound(Platform.sql)) return;
    const sql = world.container.get(Platform.sql)();
    for (const statement of [`update audit.entries set actor = 'nobody'`, 'delete from audit.entries', 'truncate audit.entries'])
      await expect(sql(statement)).rejects.toThrow('the audit trail is never changed');
  });

  it('goes when its time is over, and so do sessions and tokens that nobody can use', async () => {
    const { accessToken, refreshToken } = await person();
    expect((await world.get('/me', accessToken)).status).toBe(200);
    const job = (name: string) => world.container.getAll(Platform.jobs).find((one) => one.name === name) as Job;
    await settle();
    clock.advance(59 * DAY);
    await job('identity-forget-the-past').run();
    expect((await world.post('/auth/refresh', { refreshToken })).body.code).toBe('identity.session_expired');
    clock.advance(2 * DAY);
    expect(await job('identity-forget-the-past').run()).toBeGreaterThan(0);
    expect((await world.post('/auth/refresh', { refreshToken })).body.code).toBe('identity.refresh_token_invalid'); // It is not even known.
    clock.advance(366 * DAY);
    expect(await job('audit-prune').run()).toBeGreaterThanOrEqual(0);
    clock.advance(START - clock.now());
  });

  it('a person is signed out everywhere by who runs the house, is told, and it is written down', async () => {
    const { token } = await world.account(`boss${++made}@example.com`, 'admin');
    const { email, accountId, accessToken, refreshToken } = await person();
    const end = (by: string, id = accountId) => world.call('DELETE', `/admin/accounts/${id}/sessions`, { token: by });
    expect((await end(accessToken)).status).toBe(403);
    expect((await end(token, crypto.randomUUID())).body.code).toBe('identity.account_not_found');
    expect(await end(token)).toMatchObject({ status: 200, body: { ended: 1 } });
    expect((await world.get('/me', accessToken)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await mailTo(world.container, email))[0]?.text).toContain('signed out everywhere by the people who run this service');
    const ended = (await eventsOf(world.container)).filter(
      ({ type, reason }) => type === 'identity.session_revoked' && reason === 'ended_by_operator',
    );
    expect(ended).toMatchObject([{ accountId }]);
    expect((await login(email)).status).toBe(200);
  });

  it('a new password is begun by who runs the house, who neither sees the link nor chooses it, and it is written down', async () => {
    const { email, accountId } = await person();
    const path = `/admin/accounts/${accountId}/password-reset`;
    expect((await world.call('POST', path, { token: (await person()).accessToken })).status).toBe(403);
    const begun = await world.call('POST', path, { token: admin.token });
    expect(begun).toMatchObject({ status: 202, body: { sentTo: expect.stringMatching(/^w\S*@\S+$/) } });
    expect(Object.keys(begun.body)).toEqual(['sentTo']);
    const [mail] = await mailTo(world.container, email);
    const token = tokenIn(mail);
    const newPassword = 'Lassi-And-Rice-7!';
    expect((await world.post('/auth/verify-reset', { token, newPassword })).status).toBe(204);
    expect((await login(email, newPassword)).status).toBe(200);
    const written = (await eventsOf(world.container)).filter(({ type }) => type === 'identity.reset_requested');
    expect(written).toMatchObject([{ accountId }]);
    const nobody = await world.call('POST', `/admin/accounts/${crypto.randomUUID()}/password-reset`, { token: admin.token });
    expect(nobody).toMatchObject({ status: 404, body: { code: 'identity.no_such_account' } });
  });
});
