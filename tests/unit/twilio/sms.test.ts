import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { twilioSimulator } from '#adapters/twilio/simulator.ts';
import { twilioSms } from '#adapters/twilio/sms.ts';
import { underPressure } from '../../support/gc.ts';

const ACCOUNT = { accountSid: 'AC0123456789', authToken: 'a-token-of-the-tests' };
const open = (changes: object = {}) => {
  const simulator = twilioSimulator(ACCOUNT);
  const sms = twilioSms({ ...ACCOUNT, from: '+15005550006', baseUrl: 'https://api.twilio.test', fetch: simulator.fetch, ...changes });
  return { simulator, sms };
};
const message = { id: 'one', to: '+919876543210', text: 'Your order is ready ✓ & hot' };

describe('text messages', () => {
  it('arrive as they were written, from our number or from our service', async () => {
    const { simulator, sms } = open();
    expect(await sms.send(message)).toEqual({ outcome: 'sent' });
    const service = twilioSms({ ...ACCOUNT, from: 'MG42', baseUrl: 'https://api.twilio.test', fetch: simulator.fetch });
    expect(await service.send(message)).toEqual({ outcome: 'sent' });
    expect(simulator.messages).toMatchObject([
      { to: message.to, from: '+15005550006', text: message.text },
      { to: message.to, from: 'MG42' },
    ]);
  });

  it('to who is no more, or wants none, are given up', async () => {
    const { simulator, sms } = open();
    expect(await sms.send({ ...message, to: '+1' })).toEqual({ outcome: 'gone' });
    simulator.optOut(message.to);
    expect(await sms.send(message)).toEqual({ outcome: 'gone' });
    expect(simulator.messages).toEqual([]);
  });

  it.each([
    [429, false],
    [503, false],
    [400, true],
  ])('that are answered %d are refused, for good: %s', async (status, isPermanent) => {
    const { simulator, sms } = open();
    simulator.failNext(status);
    expect(await sms.send(message)).toMatchObject({ outcome: 'refused', isPermanent });
    expect(await sms.send(message)).toEqual({ outcome: 'sent' });
  });

  it('with a wrong password wait for the right one, and no answer is no end either', async () => {
    const { simulator } = open();
    const wrong = twilioSms({ ...ACCOUNT, authToken: 'wrong', from: 'MG1', baseUrl: 'https://api.twilio.test', fetch: simulator.fetch });
    expect(await wrong.send(message)).toEqual({ outcome: 'refused', reason: 'answered 401 (20003)', isPermanent: false });
    const { sms: silent } = open({ fetch: () => Promise.reject(new TypeError(`nobody at ${message.to}`)) });
    expect(await silent.send(message)).toEqual({ outcome: 'refused', reason: 'no answer (TypeError)', isPermanent: false });
  });

  it('that are never answered are waited for no longer than it was told', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sms = twilioSms({ ...ACCOUNT, from: 'MG42', baseUrl, timeoutMs: 200 });
    expect(await underPressure(() => sms.send(message))).toEqual({ outcome: 'refused', reason: 'no answer (TimeoutError)', isPermanent: false });
    server.closeAllConnections();
    server.close();
  });
});
