import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { eventsOf } from '../../support/events.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('the operation of mail on %s', (profile) => {
  let world: World;
  let admin: string;
  let support: string;
  let customer: string;
  beforeAll(async () => {
    world = await startWorld(profile);
    admin = (await world.account('admin@mail.test', 'admin')).token;
    support = (await world.account('support@mail.test', 'support')).token;
    customer = (await world.account('customer@mail.test')).token;
  });
  afterAll(() => world.close());

  const drain = async () => {
    while ((await world.container.get(Notifications.send)()) > 0);
  };
  beforeEach(drain);
  const sentTo = (address: string) =>
    world.container
      .get(Notifications.outbox)
      .list()
      .filter(({ to }) => to === address);
  const test = async (body: object = { to: 'operator@mail.test' }): Promise<Json> => {
    const sent = await world.post('/admin/emails', body, admin);
    expect(sent.status).toBe(201);
    return sent.body;
  };
  const bulk = (changes: object = {}, key = crypto.randomUUID(), token = admin) =>
    world.post(
      '/admin/emails/bulk',
      { template: 'offer', subject: 'For {{name}}', text: 'One.\n\nCode {{code}}.', recipients: people(3), ...changes },
      token,
      {
        'idempotency-key': key,
      },
    );
  const people = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ email: `p${i}@mail.test`, name: `Person ${i}`, fields: { code: `C${i}` } }));

  it('is for who operates the platform: support may look, admins may act, nobody else may either', async () => {
    const all: readonly (readonly [string, string, object | undefined, 'read' | 'write'])[] = [
      ['GET', '/admin/emails', undefined, 'read'],
      ['GET', '/admin/emails/statistics', undefined, 'read'],
      ['GET', '/admin/emails/sending', undefined, 'read'],
      ['GET', '/admin/emails/suppressions', undefined, 'read'],
      ['POST', '/admin/emails/recipient-digests', { email: 'a@b.test' }, 'read'],
      ['POST', '/admin/emails', { to: 'a@b.test' }, 'write'],
      ['POST', '/admin/emails/retries', {}, 'write'],
      ['POST', '/admin/emails/clean-up', { endedBefore: '2020-01-01T00:00:00Z' }, 'write'],
      ['POST', '/admin/emails/suppressions', { email: 'x@b.test' }, 'write'],
    ];
    for (const [method, path, body, kind] of all) {
      const as = async (token?: string) => (await world.call(method, path, { token, ...(body && { body }) })).status;
      expect([path, await as(), await as(customer), await as(support)]).toEqual([path, 401, 403, kind === 'read' ? 200 : 403]);
      expect([path, await as(admin)]).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
    }
  });

  it('sends a test, shows it while it waits, and nothing of it once it went', async () => {
    const mail = await test({ to: 'Operator@mail.test', template: 'receipt' });
    expect(mail).toMatchObject({ status: 'pending', priority: 'urgent', recipient: 'o•••r@m•••.test', attempts: 0 });
    const read = async () => (await world.get(`/admin/emails/${mail.id}`, support)).body;
    expect((await read()).content.subject).toMatch(/^\[Test\] Receipt/);
    await drain();
    expect(await read()).toMatchObject({ status: 'sent', attempts: 1, content: null, failure: null });
    expect(sentTo('operator@mail.test')[0]?.subject).toMatch(/^\[Test\] Receipt/);
    expect((await world.get('/admin/emails/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99', admin)).body).toMatchObject({
      code: 'notifications.email_not_found',
    });
    const events = await eventsOf(world.container);
    expect(events).toContainEqual(expect.objectContaining({ type: 'notifications.test_email_asked', emailId: mail.id, template: 'receipt' }));
  });

  it('shows no link that is as good as a password', async () => {
    await world.post('/auth/reset-password', { identifier: 'customer@mail.test' });
    const { body } = await world.get('/admin/emails?template=reset_password&status=pending', support);
    expect(body.data).toHaveLength(1);
    const read = (await world.get(`/admin/emails/${body.data[0].id}`, admin)).body;
    expect(read.content).toBeNull();
    expect(JSON.stringify(read)).not.toMatch(/token|v1\.|customer@mail/);
  });

  it('finds the mail of one address without the address', async () => {
    await test({ to: 'needle@mail.test' });
    const { recipientDigest } = (await world.post('/admin/emails/recipient-digests', { email: 'Needle@mail.test' }, support)).body;
    const { body, headers } = await world.get(`/admin/emails?recipientDigest=${recipientDigest}&limit=1`, support);
    expect(body.data).toMatchObject([{ recipientDigest, template: 'test_mail' }]);
    expect(headers.get('link')).toBeNull();
    const page = await world.get('/admin/emails?limit=1', support);
    expect(page.headers.get('link')).toContain(`after=${page.body.next}`);
    for (const bad of ['status=gone', 'template=nonsense', 'recipientDigest=me@mail.test', 'from=yesterday', 'limit=101', 'order=up'])
      expect((await world.get(`/admin/emails?${bad}`, support)).status).toBe(400);
  });

  it('pauses and goes on, and says so', async () => {
    const put = (body: object) => world.call('PUT', '/admin/emails/sending', { token: admin, body });
    expect((await put({ isPaused: true, reason: 'The provider asked' })).body).toMatchObject({ isPaused: true, reason: 'The provider asked' });
    expect((await put({ isPaused: true })).body).toMatchObject({ code: 'notifications.sending_unchanged', status: 409 });
    const mail = await test();
    await drain();
    expect((await world.get(`/admin/emails/${mail.id}`, admin)).body.status).toBe('pending');
    expect((await put({ isPaused: false })).status).toBe(200);
    await drain();
    expect((await world.get(`/admin/emails/${mail.id}`, admin)).body.status).toBe('sent');
  });

  it('tries again only what failed, and counts and forgets what ended', async () => {
    const mail = await test();
    expect((await world.post(`/admin/emails/${mail.id}/retry`, undefined, admin)).body).toMatchObject({ code: 'notifications.email_not_failed' });
    await world.post('/admin/emails/suppressions', { email: 'shut@mail.test' }, admin);
    const shut = await test({ to: 'shut@mail.test' });
    await drain();
    expect((await world.get(`/admin/emails/${shut.id}`, admin)).body).toMatchObject({ status: 'failed', failure: 'suppressed' });
    const { counts } = (await world.get('/admin/emails/statistics', support)).body;
    expect(counts).toContainEqual(expect.objectContaining({ status: 'failed', template: 'test_mail', count: 1 }));

    const { body } = await world.get('/admin/emails/suppressions?reason=manual', support);
    const entry = body.data.find(({ recipientDigest }: Json) => recipientDigest === shut.recipientDigest);
    expect(entry).toMatchObject({ recipient: 's•••@m•••.test', reason: 'manual', addedBy: expect.stringMatching(/^account:/) });
    expect((await world.post('/admin/emails/suppressions', { email: 'shut@mail.test' }, admin)).body).toMatchObject({
      code: 'notifications.suppression_exists',
      suppressionId: entry.id,
    });
    const remove = () => world.call('DELETE', `/admin/emails/suppressions/${entry.id}`, { token: admin });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect((await world.post('/admin/emails/retries', { template: 'test_mail' }, admin)).body).toEqual({ retried: 1, hasMore: false });
    await drain();
    expect(sentTo('shut@mail.test')).toHaveLength(1);

    const endedBefore = new Date(Date.now() + 60_000).toISOString();
    const { forgotten } = (await world.post('/admin/emails/clean-up', { endedBefore }, admin)).body;
    expect(forgotten).toBeGreaterThan(1);
    expect((await world.get('/admin/emails?status=sent', admin)).body.data).toEqual([]);
    expect((await eventsOf(world.container)).at(-1)).toMatchObject({ type: 'notifications.emails_forgotten', count: forgotten });
  });

  it('writes one text to many, once for a key, each with their own words', async () => {
    const key = crypto.randomUUID();
    const queued = await bulk({}, key);
    expect(queued.status).toBe(202);
    expect(queued.body).toMatchObject({ template: 'offer', recipients: 3 });
    expect((await bulk({}, key)).body).toEqual(queued.body);
    expect((await bulk({ text: 'Other {{code}}' }, key)).body).toMatchObject({ code: 'notifications.idempotency_key_reused' });
    const { data } = (await world.get(`/admin/emails?campaignId=${queued.body.id}`, support)).body;
    expect(data).toHaveLength(3);
    expect((await world.get(`/admin/emails/${data[0].id}`, support)).body.content.text).toContain('(the link to unsubscribe)');
    await drain();
    const [mail] = sentTo('p1@mail.test');
    expect(mail).toMatchObject({ subject: 'For Person 1', text: expect.stringContaining('Code C1.') });
    expect(sentTo('p1@mail.test')).toHaveLength(1);
  });

  it('refuses a text that somebody has not got the words for, and queues nothing', async () => {
    const before = (await world.get('/admin/emails?template=offer', admin)).body.data.length;
    expect((await bulk({ text: 'Hello {{surname}}' })).body).toMatchObject({ code: 'notifications.field_unknown', field: 'surname', status: 422 });
    for (const bad of [
      { recipients: [] },
      { recipients: people(10_001) },
      { template: 'receipt' },
      { subject: 'a\r\nBcc: x' },
      { button: { label: 'x', link: 'javascript:x' } },
    ])
      expect((await bulk(bad)).status).toBe(400);
    expect((await bulk({}, crypto.randomUUID(), support)).status).toBe(403);
    expect((await world.post('/admin/emails/bulk', {}, admin)).status).toBe(400);
    expect((await world.get('/admin/emails?template=offer', admin)).body.data).toHaveLength(before);
  });

  it('lets who gets offers leave with one request, and not by a program that opens links', async () => {
    const address = 'leaves@mail.test';
    const one = { recipients: [{ email: address, name: 'Leaves', fields: { code: 'X' } }] };
    await bulk(one);
    await drain();
    const url = new URL(sentTo(address)[0]?.unsubscribeUrl as string);
    const page = await world.get(url.pathname);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    await bulk(one);
    await drain();
    expect(sentTo(address)).toHaveLength(2);

    const leave = (path: string) =>
      world.call('POST', path, { raw: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect((await leave(url.pathname)).status).toBe(200);
    expect((await leave(url.pathname)).status).toBe(200);
    await bulk(one);
    await test({ to: address });
    await drain();
    expect(sentTo(address).map(({ subject }) => subject)).toEqual(['[Test] Mail works', 'For Leaves', 'For Leaves']);
    expect((await leave('/unsubscribe/v1.forged.ticket')).body).toContain('This link is not ours');
  });

  it('stands in the trail', async () => {
    await world.container.get(Platform.eventLog).settle();
    const actors = (await eventsOf(world.container)).map(({ type }) => type);
    for (const type of [
      'email_sending_paused',
      'email_sending_resumed',
      'email_campaign_queued',
      'suppression_added',
      'suppression_removed',
      'email_retried',
    ])
      expect(actors).toContain(`notifications.${type}`);
  });
});
