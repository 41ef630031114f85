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

async function freePort(): Promise<number> {
  const gone = createServer();
  const port = await new Promise<number>((resolve) => gone.listen(0, '127.0.0.1', () => resolve((gone.address() as { port: number }).port)));
  await new Promise((resolve) => gone.close(resolve));
  return port;
}

describe('mail by SMTP', () => {
  const server = new TestSmtpServer();
  let host: string;
  let transport: SmtpMailTransport;

  beforeAll(async () => {
    host = await server.listen();
    transport = new SmtpMailTransport({ url: `smtp://${host}`, from: FROM, patienceMs: 2_000 });
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });
  beforeEach(() => {
    server.received.length = 0;
    server.refuseSender = () => undefined;
    server.refuse = () => undefined;
    server.refuseText = () => undefined;
    server.hangsUp = () => false;
    server.ponder = async () => undefined;
  });

  it('arrives whole, under its own id, at one address', async () => {
    expect(await transport.send(MESSAGE)).toEqual({ outcome: 'sent' });
    expect(server.received).toMatchObject([{ from: FROM.address, to: ['asha@example.com'] }]);
    const { raw } = server.received[0] ?? expect.fail('nothing arrived');
    expect(raw).toContain('Message-ID: <e1@thali.test>');
    expect(raw).toContain('From: Thali <no-reply@thali.test>');
    expect(raw).toMatch(/Subject: =\?UTF-8\?/);
    expect(raw).not.toMatch(/^List-Unsubscribe/m);
  });

  it('says how to have no more of its kind, for mail programs, where there is a way', async () => {
    await transport.send({ ...MESSAGE, unsubscribeUrl: 'https://thali.test/unsubscribe/v1.k.sealed' });
    const { raw } = server.received[0] ?? expect.fail('nothing arrived');
    expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/thali\.test\/unsubscribe\/v1\.k\.sealed>/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
  });

  it.each(['asha@example.com,eve@evil.test', 'asha@example.com\r\nBcc: eve@evil.test', 'Eve <eve@evil.test>, asha@example.com', '<eve@evil.test>'])(
    'never goes to a second address in %j',
    async (to) => {
      await transport.send({ ...MESSAGE, to });
      expect(server.received.flatMap((one) => one.to)).not.toContain('eve@evil.test,');
      expect(server.received.filter((one) => one.to.length > 1)).toEqual([]);
      for (const { raw } of server.received) expect(raw).not.toMatch(/^bcc:/im);
    },
  );

  it('takes no header from a subject', async () => {
    await transport.send({ ...MESSAGE, subject: 'Hello\r\nBcc: eve@evil.test\r\n\r\nbody' });
    for (const { raw, to } of server.received) {
      expect(raw).not.toMatch(/^bcc:/im);
      expect(to).toEqual(['asha@example.com']);
    }
  });

  it.each<[number, string, boolean, boolean]>([
    [550, 'no such user', true, true],
    [551, 'not local', true, true],
    [552, 'mailbox full', true, false],
    [553, 'name not allowed', true, true],
    [450, 'busy', false, false],
    [452, 'too many', false, false],
    [421, 'closing', false, false],
  ])(
    'is told a recipient was refused with %i (%s), for good: %s, no mailbox: %s, without the address',
    async (responseCode, words, isPermanent, isNoMailbox) => {
      server.refuse = (address) => ({ responseCode, message: `<${address}> ${words}` });
      const delivery = await transport.send(MESSAGE);
      expect(delivery).toMatchObject({ outcome: 'refused', isPermanent, isNoMailbox });
      if (responseCode !== 421) expect(JSON.stringify(delivery)).toContain(String(responseCode)); // With 421 it hangs up at once.
      expect(JSON.stringify(delivery)).not.toContain('asha');
    },
  );

  it.each<[string, boolean]>([
    ['5.1.1 unknown', true],
    ['5.2.1 disabled', true],
    ['5.2.2 over quota', false],
    ['5.7.1 we do not like you', false],
  ])('takes 550 %s for a missing mailbox: %s', async (message, isNoMailbox) => {
    server.refuse = () => ({ responseCode: 550, message });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: true, isNoMailbox });
  });

  it('is told a text was refused', async () => {
    server.refuseText = () => ({ responseCode: 554, message: 'spam' });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: true, isNoMailbox: false });
    server.refuseText = () => ({ responseCode: 451, message: 'later' });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });
  });

  it.each([450, 550])('blames nobody’s mail for a sender that is refused with %i', async (responseCode) => {
    server.refuseSender = () => ({ responseCode, message: 'not from you' });
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'unreachable', reason: expect.stringContaining(String(responseCode)) });
  });

  it('counts the attempt of a mail in whose midst the server hangs up, because the server is there', async () => {
    server.hangsUp = () => true;
    expect(await transport.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });
    server.hangsUp = () => false;
    expect(await transport.send(MESSAGE)).toEqual({ outcome: 'sent' });
    expect(server.received).toHaveLength(1);
  });

  it('does not wait for ever for a server that thinks', async () => {
    const hasty = new SmtpMailTransport({ url: `smtp://${host}`, from: FROM, patienceMs: 300 });
    let answer: () => void = () => undefined;
    server.ponder = () => new Promise((resolve) => (answer = resolve));
    expect(await hasty.send(MESSAGE)).toMatchObject({ outcome: 'refused', isPermanent: false });
    answer();
    await hasty.close();
  });

  it('waits for a server that is away, or does not let us in', async () => {
    const nowhere = new SmtpMailTransport({ url: `smtp://127.0.0.1:${await freePort()}`, from: FROM });
    expect(await nowhere.send(MESSAGE)).toMatchObject({ outcome: 'unreachable' });
    const stranger = new SmtpMailTransport({ url: `smtp://thali:wrong@${host}`, from: FROM });
    expect(await stranger.send(MESSAGE)).toMatchObject({ outcome: 'unreachable', reason: expect.stringContaining('535') });
    const friend = new SmtpMailTransport({ url: `smtp://thali:right@${host}`, from: FROM });
    expect(await friend.send(MESSAGE)).toEqual({ outcome: 'sent' });
    for (const one of [nowhere, stranger, friend]) await one.close();
  });

  it('does not leave in the clear where that is forbidden', async () => {
    const strict = new SmtpMailTransport({ url: `smtp://${host}`, from: FROM, isTlsRequired: true });
    expect(await strict.send(MESSAGE)).toMatchObject({ outcome: 'unreachable' });
    expect(server.received).toEqual([]);
    await strict.close();
  });

  it('goes over few connections, which stay open', async () => {
    const few = new SmtpMailTransport({ url: `smtp://${host}`, from: FROM, connections: 2 });
    const before = server.connections;
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => few.send({ ...MESSAGE, id: `e${i}` })));
    expect(all.every(({ outcome }) => outcome === 'sent')).toBe(true);
    expect(server.connections - before).toBeLessThanOrEqual(2);
    await few.close();
  });

  it('is what a whole Thali uses where one is configured, and then shows nobody its outbox', async () => {
    const world = await startWorld('memory', configured({ mail: { ...testConfig.mail, smtpUrl: `smtp://${host}`, from: FROM } }));
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
