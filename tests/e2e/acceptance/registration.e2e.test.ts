import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '#composition/modules/identity.ts';
import { configured } from '../../support/config.ts';
import { eventsOf } from '../../support/events.ts';
import { openKitchen } from '../../support/kitchen.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { interleaved } from '../../support/timing.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const OTHERS = 'Kulfi-at-9-maybe';
const ROUNDS = 30;

// PGlite runs the statements that PostgreSQL runs.
describe.each(PROFILES.filter((profile) => profile !== 'pglite' || PROFILES.length === 2))(
  'registering where an address must be confirmed, on %s',
  (profile) => {
    let world: World;
    let made = 0;
    let hashes = 0;

    beforeAll(async () => {
      const identity = { ...testConfig.identity, requireVerifiedEmail: true };
      // A clock that stands still: how busy the machine is must not show in what is compared.
      world = await startWorld(profile, configured({ identity, bcryptCost: 8 }), new VirtualClock(Date.now()).override());
      const hasher = world.container.get(Identity.hasher);
      for (const work of ['hash', 'verify'] as const) {
        const does = hasher[work].bind(hasher) as (...given: unknown[]) => Promise<never>;
        hasher[work] = (...given: unknown[]) => {
          hashes += 1;
          return does(...given);
        };
      }
    });
    afterAll(() => world?.close());

    const register = (email: string, more: object = {}) =>
      world.post('/auth/register', { email, password: PASSWORD, displayName: 'Ravi Das', ...more });
    const login = (identifier: string, password = PASSWORD) => world.post('/auth/login', { identifier, password });
    const mails = async (email: string) => (await mailTo(world.container, email)).map(({ subject }) => subject);
    const plain = ({ status, body: { traceId: _, timestamp: __, ...body }, headers }: Answer) => ({ status, body, headers: [...headers.keys()] });
    const fresh = () => `quiet${++made}@example.com`;
    const confirmed = async (more: object = {}) => {
      const email = fresh();
      expect((await register(email, more)).status).toBe(202);
      const token = tokenIn((await mailTo(world.container, email))[0]);
      expect((await world.post('/auth/verify-email', { token })).status).toBe(204);
      return email;
    };

    it('says nothing of other addresses to who has an invitation of their own', async () => {
      const kitchen = await openKitchen(world);
      const mine = fresh();
      await world.post(`/restaurants/${kitchen.restaurantId}/invitations`, { email: mine, role: 'kitchen' }, kitchen.owner);
      const invitation = tokenIn((await mailTo(world.container, mine))[0]);
      const [known, unknown] = [await register(await confirmed(), { invitation }), await register(fresh(), { invitation })];
      expect(known).toMatchObject({ status: 409, body: { code: 'identity.invitation_refused', reason: 'not_yours' } });
      expect(plain(known)).toEqual(plain(unknown));
      expect((await register(mine.toUpperCase(), { invitation })).status).toBe(202);
    });

    it('answers alike for an address that is new and one that has an account, and tells its owner', async () => {
      const taken = await confirmed();
      const [known, unknown] = [
        await register(taken.toUpperCase(), { password: OTHERS }),
        await register(taken.replace('quiet', 'fresh').toUpperCase()),
      ];
      expect(plain(known)).toMatchObject({ status: 202, body: { sentTo: expect.stringContaining('•••') } });
      expect({ ...plain(known), body: 0 }).toEqual({ ...plain(unknown), body: 0 });
      expect(Object.keys(known.body)).toEqual(Object.keys(unknown.body));
      expect(await mails(taken)).toEqual(['You have an account already', 'Welcome: please confirm your e-mail address']);
      // Nothing of the account changed.
      expect((await login(taken, OTHERS)).status).toBe(401);
      const { accessToken } = (await login(taken)).body;
      expect((await world.get('/me', accessToken)).body).toMatchObject({ displayName: 'Ravi Das', emailVerified: true });
      expect((await eventsOf(world.container)).filter(({ type }) => type === 'identity.registration_repeated')).toHaveLength(1);
    });

    it('tells nothing by what can be done next: neither password signs in, however often', async () => {
      const [taken, open] = [await confirmed(), fresh()];
      for (const email of [taken, open]) await register(email, { password: OTHERS });
      for (let i = 0; i < 6; i++) {
        const [known, unknown] = [plain(await login(taken, OTHERS)), plain(await login(open, OTHERS))];
        expect(known).toEqual(unknown);
        expect(known.status).toBe(i < 5 ? 401 : 429);
      }
      const resend = (identifier: string) => world.post('/auth/verify-email/resend', { identifier });
      const [known, unknown] = [plain(await resend(taken)), plain(await resend(open))];
      expect({ ...known.body, sentTo: '' }).toEqual({ ...unknown.body, sentTo: '' });
    });

    it('sends the link again to who knows the password, three times an hour, and lets them in once they followed it', async () => {
      const email = fresh();
      await register(email);
      for (let i = 0; i < 4; i++) expect(await login(email)).toMatchObject({ status: 401, body: { code: 'identity.invalid_credentials' } });
      expect(await mails(email)).toHaveLength(1 + 3);
      const token = tokenIn((await mailTo(world.container, email))[0]);
      expect((await world.post('/auth/verify-email', { token })).status).toBe(204);
      expect((await login(email)).status).toBe(200);
    });

    it('sends nobody more than three mails an hour, whoever tries', async () => {
      const taken = await confirmed();
      for (let i = 0; i < 6; i++) expect((await register(taken)).status).toBe(202);
      expect((await mails(taken)).filter((subject) => subject === 'You have an account already').length).toBeLessThanOrEqual(3);
    });

    it('leaves out a telephone number and a username that are taken, and says nothing', async () => {
      const names = { phone: `+91 98100 01${100 + made}`, username: `quiet.${profile}` };
      const first = await confirmed(names);
      const second = await confirmed(names);
      const me = async (email: string) => (await world.get('/me', (await login(email)).body.accessToken)).body;
      expect(await me(first)).toMatchObject({ username: names.username, phone: names.phone.replaceAll(' ', '') });
      expect(await me(second)).toMatchObject({ username: null, phone: null });
    });

    it('makes one account of ten who want one address at once, and one owner of one username', async () => {
      const email = fresh();
      const answers = await Promise.all(Array.from({ length: 10 }, () => register(email)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
      const username = `wanted.${profile}`;
      const people = Array.from({ length: 5 }, fresh);
      expect((await Promise.all(people.map((one) => register(one, { username })))).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      const registered = (await eventsOf(world.container))
        .filter(({ type }) => type === 'identity.account_registered')
        .map((event) => event['email']);
      expect(registered.filter((one) => one === email)).toHaveLength(1);
      for (const one of people) expect(registered.filter((other) => other === one)).toHaveLength(1);
    });

    it('tells its faults before it looks for anybody', async () => {
      const taken = await confirmed();
      for (const [more, code] of [
        [{ password: 'short' }, 'identity.password_weak'],
        [{ username: 'admin' }, 'identity.username_malformed'],
        [{ phone: '12' }, 'identity.phone_malformed'],
      ] as const) {
        const [known, unknown] = [plain(await register(taken, more)), plain(await register('nobody@example.com', more))];
        expect(known).toEqual(unknown);
        expect(known.body.code).toBe(code);
      }
    });

    it('hashes as often, and takes as long, for an address that is taken', async () => {
      const taken: string[] = [];
      for (let i = 0; i < 10; i++) taken.push(await confirmed());
      const counted = async (work: () => Promise<unknown>) => {
        const before = hashes;
        await work();
        return hashes - before;
      };
      const one = taken[0] as string;
      expect(await counted(() => register(one))).toBe(await counted(() => register(fresh())));
      const open = fresh();
      await register(open);
      expect(await counted(() => login(one, OTHERS))).toBe(await counted(() => login(open)));
      if (profile !== 'memory') return; // A database beside others takes its own time: there the counts speak.
      const measure = () =>
        interleaved(
          ROUNDS,
          (i) => register(taken[i % taken.length] as string),
          () => register(fresh()),
        );
      let times = await measure();
      // What a busy machine does to one measurement it does not do to four; what is really slower is slower in all of them.
      for (let again = 0; again < 3 && times.apartMs >= times.toleratedMs; again++) times = await measure();
      expect(times.apartMs).toBeLessThan(times.toleratedMs);
    });
  },
);

describe('registering where nobody need confirm an address', () => {
  it('says so when an address, a number or a name is taken: the house wants that', async () => {
    const world = await startWorld('memory');
    try {
      const body = { email: 'open@example.com', password: PASSWORD, displayName: 'Ravi Das' };
      expect((await world.post('/auth/register', body)).status).toBe(201);
      expect(await world.post('/auth/register', body)).toMatchObject({ status: 409, body: { code: 'identity.email_taken' } });
    } finally {
      await world.close();
    }
  });
});
