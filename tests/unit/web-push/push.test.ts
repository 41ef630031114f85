import { describe, expect, it } from 'vitest';
import { webPush } from '#adapters/web-push/push.ts';
import { PushService } from '../../support/push-service.ts';

const open = () => {
  const service = new PushService();
  const push = webPush({ poster: service, secret: Buffer.alloc(32, 7), contact: 'mailto:ops@thali.test' });
  service.applicationServerKey = push.publicKey;
  const { endpoint, keys } = service.subscribe();
  const ring = (changes: object = {}) =>
    push.send({ id: 'one', address: { endpoint, ...keys }, payload: '{"title":"Ready ✓"}', ttlSeconds: 600, isUrgent: false, ...changes });
  return { service, push, endpoint, keys, ring };
};

describe('a push', () => {
  it('can be opened by its browser, is signed by the key browsers subscribe to, and says how long it is of use', async () => {
    const { service, ring, endpoint } = open();
    expect(await ring()).toEqual({ outcome: 'sent' });
    expect(await ring({ isUrgent: true, ttlSeconds: 5 })).toEqual({ outcome: 'sent' });
    expect(service.received).toEqual([
      { browser: endpoint, text: '{"title":"Ready ✓"}', ttl: 600, urgency: 'normal' },
      { browser: endpoint, text: '{"title":"Ready ✓"}', ttl: 5, urgency: 'high' },
    ]);
  });

  it('keeps its key', () => {
    expect(open().push.publicKey).toBe(open().push.publicKey);
    expect(Buffer.from(open().push.publicKey, 'base64url')).toHaveLength(65);
  });

  it.each([
    [404, { outcome: 'gone' }],
    [410, { outcome: 'gone' }],
    [413, { outcome: 'refused', reason: 'answered 413', isPermanent: true }],
    [429, { outcome: 'refused', reason: 'answered 429', isPermanent: false }],
    [503, { outcome: 'refused', reason: 'answered 503', isPermanent: false }],
    [0, { outcome: 'refused', reason: 'no answer (timeout)', isPermanent: false }],
  ])('that is answered %d', async (status, expected) => {
    const { service, ring } = open();
    service.answerNext(status);
    expect(await ring()).toEqual(expected);
  });

  it('for a browser that is gone, or with keys that are none, is given up', async () => {
    const { service, ring, endpoint, keys } = open();
    expect(await ring({ address: { endpoint, p256dh: 'AAAA', auth: keys.auth } })).toEqual({ outcome: 'gone' });
    service.forget(endpoint);
    expect(await ring()).toEqual({ outcome: 'gone' });
  });

  it('goes to no address that it must not', async () => {
    const { push } = open();
    expect(await push.isAllowed('https://push.example.com/send/1')).toBe(true);
    expect(await push.isAllowed('https://169.254.169.254/latest')).toBe(false);
  });
});
