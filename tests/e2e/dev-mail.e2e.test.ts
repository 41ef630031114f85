import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('is nowhere in production', async () => {
    const real = await startWorld('memory', configured({ isProduction: true }));
    expect((await real.get('/dev/mail')).status).toBe(404);
    await real.close();
  });
});
