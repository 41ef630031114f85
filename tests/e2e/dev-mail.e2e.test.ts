import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';
import { configured } from '../support/config.ts';
import { mailTo } from '../support/mail.ts';
import { startWorld, type World } from '../support/world.ts';

describe('mail of who develops', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld('memory');
    await world.post('/auth/register', { email: 'asha@example.com', password: 'tiffin-At-7-sharp', displayName: '<i>Asha</i>' });
    await mailTo(world.container, 'asha@example.com');
  });
  afterAll(() => world.close());

  it('is shown as JSON, newest first', async () => {
    const { status, body } = await world.get('/dev/mail');
    expect([status, body.next]).toEqual([200, null]);
    expect(body.data).toMatchObject([
      { to: 'asha@example.com', text: expect.stringContaining('/verify-email#token=ve_'), at: expect.stringMatching(/Z$/) },
    ]);
  });

  it('is shown as a page, which takes no markup from a mail', async () => {
    const { body, headers } = await world.call('GET', '/dev/mail', { headers: { accept: 'text/html,*/*' } });
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).toContain('/verify-email#token=ve_');
    expect(body).not.toContain('<i>Asha');
  });

  it('is shown as it would look, every one there is', async () => {
    const { status, body } = await world.get('/dev/mail/templates');
    expect(status).toBe(200);
    for (const name of TEMPLATE_NAMES) expect(body).toContain(`/dev/mail/templates/${name}"`);
    expect((await world.get('/dev/mail/templates/receipt')).body).toContain('Thank you, it is paid');
    expect((await world.get('/dev/mail/templates/receipt?as=text')).body).toContain('Total: ₹921.00');
    expect((await world.get('/dev/mail/templates/nonsense')).status).toBe(404);
  });

  it('is nowhere in production', async () => {
    const real = await startWorld('memory', configured({ isProduction: true }));
    for (const path of ['/dev/mail', '/dev/mail/templates', '/dev/mail/templates/receipt']) expect((await real.get(path)).status).toBe(404);
    await real.close();
  });
});
