import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SmtpMailTransport } from '#adapters/smtp/mail-transport.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { configured } from '../../support/config.ts';
import { testConfig } from '../../support/profiles.ts';
import { TestSmtpServer } from '../../support/smtp-server.ts';
import { startWorld } from '../../support/world.ts';

const FROM = { name: 'Thali', address: 'no-reply@thali.test' };
const MESSAGE = { id: 'e1', to: 'asha@example.com', subject: 'Grüße', text: 'Hello\n.\nthere\n', html: '<p>Hello</p>' };

describe('mail by SMTP', () => {
  const server = new TestSmtpServer();
  let host: string;
  let transport: SmtpMailTransport;

  beforeAll(async () => {
    host = await server.listen();
    transport = new SmtpMailTransport({ url: `smtp://${host}`, from: FROM });
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });
  beforeEach(() => {
    server.received.length = 0;
    server.refuse = () => undefined;
    server.refuseText = () => undefined;
  });

  it('arrives whole, under its own id, at one address', async () => {
    expect(await transport.send(MESSAGE)).toEqual({ outcome: 'sent' });
    expect(server.received).toMatchObject([{ from: FROM.address, to: ['asha@example.com'] }]);
    const { raw } = server.received[0] ?? expect.fail('nothing arrived');
    expect(raw).toContain('Message-ID: <e1@thali.test>');
    expect(raw).toContain('From: Thali <no-reply@thali.test>');
    expect(raw).toMatch(/Subject: =\?UTF-8\?/);
  });

  it.each(['asha@example.com,eve@evil.test', 'asha@example.com\r\nBcc: eve@evil.test', 'Eve <eve@evil.test>, asha@example.com'])(
    'never goes to a second address in %j',
    async (to) => {
      await transport.send({ ...MESSAGE, to });
      expect(server.received.flatMap((one) => one.to)).not.toContain('eve@evil.test');
      for (const { raw } of server.received) expect(raw).not.toMatch(/^bcc:/im);
    },
  );

  it.each<[number, boolean]>([
    [550, true],
    [552, true],
    [450, false],
    [421, false],
  ])('is told a recipient was refused with %i, for good: %s, without the address', async (responseCode, isPermanent) => {
    server.refuse = (address) => ({ responseCode, message: `<${address}> is not here` });
    const delivery = await transport.send(MESSAGE);
    expect(delivery).toMatchObject({ outcome: 'refused', isPermanent });
    expect(JSON.stringify(delivery)).toContain(String(responseCode));
    expect(JSON.stringify(delivery)).not.toContain('asha');
  });

  it('is told a text was refused', async () => {
    server.refuseText = () => ({ responseCode: 554, message: 'spam' });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: true });
    server.refuseText = () => ({ responseCode: 451, message: 'later' });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });
  });

  it('waits for a server that is away, or does not let us in', async () => {
    const gone = createServer();
    const port = await new Promise<number>((resolve) => gone.listen(0, '127.0.0.1', () => resolve((gone.address() as { port: number }).port)));
    await new Promise((resolve) => gone.close(resolve));
    const nowhere = new SmtpMailTransport({ url: `smtp://127.0.0.1:${port}`, from: FROM });
    expect(await nowhere.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });

    const stranger = new SmtpMailTransport({ url: `smtp://thali:wrong@${host}`, from: FROM });
    expect(await stranger.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });
    const friend = new SmtpMailTransport({ url: `smtp://thali:right@${host}`, from: FROM });
    expect(await friend.send(MESSAGE)).toEqual({ outcome: 'sent' });
    for (const one of [nowhere, stranger, friend]) await one.close();
  });

  it('is what a whole Thali uses where one is configured, and then shows nobody its outbox', async () => {
    const world = await startWorld(
      'memory',
      configured({ mail: { smtpUrl: `smtp://${host}`, from: FROM, isSent: true }, identity: testConfig.identity }),
    );
    const mailer = world.container.get(Notifications.mailer);
    mailer.start();
    try {
      await world.post('/auth/register', { email: 'asha@example.com', password: 'tiffin-At-7-sharp', displayName: 'Asha Rao' });
      await expect.poll(() => server.received.length, { timeout: 5_000 }).toBe(1); // At once, long before the next look.
      expect(server.received[0]?.raw).toContain('Welcome');
      expect((await world.get('/dev/mail')).status).toBe(404);
    } finally {
      await mailer.stop();
      await world.close();
    }
  });
});
