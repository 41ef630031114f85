import { describe, expect, it } from 'vitest';
import { EMAIL_ATTEMPTS_MAX, Email, LEASE_MS } from '#domain/notifications/email.ts';

const AT = 1_764_000_000_000;
const queued = Email.queue({ id: 'e1', key: 'reset:1', to: 'meera@example.com', template: 'reset_password', sealedFacts: 'sealed' }, AT);
const taken = (email: Email, at = AT): Email => Email.claim(email, at).state;
const WAIT = { reason: 'answered 451', isPermanent: false };

describe('a mail in the queue', () => {
  it('is told without its address or its text', () => {
    expect(queued.events).toEqual([{ type: 'notifications.email_queued', emailId: 'e1', template: 'reset_password', at: AT }]);
    const sent = Email.sent(taken(queued.state), AT + 1);
    expect(sent.events).toEqual([{ type: 'notifications.email_sent', emailId: 'e1', template: 'reset_password', attempts: 1, at: AT + 1 }]);
    expect(sent.state).toMatchObject({ status: 'sent', sealedFacts: '' });
  });

  it('is tried three times, a minute and then five apart, and then has failed', () => {
    let email = queued.state;
    for (const wait of [60_000, 300_000]) {
      const again = Email.refused(taken(email), WAIT, AT);
      expect([again.state.status, again.state.dueAt - AT, again.events]).toEqual(['pending', wait, []]);
      email = again.state;
    }
    const last = Email.refused(taken(email), WAIT, AT);
    expect(last.state).toMatchObject({ status: 'failed', attempts: EMAIL_ATTEMPTS_MAX, sealedFacts: '' });
    expect(last.events).toMatchObject([{ type: 'notifications.email_failed', reason: 'answered 451' }]);
  });

  it('has failed at once when it was refused for good', () => {
    expect(Email.refused(taken(queued.state), { reason: 'answered 550', isPermanent: true }, AT).state.status).toBe('failed');
  });

  it('is taken over from a process that never came back, but not for ever', () => {
    let email = taken(queued.state);
    expect(email).toMatchObject({ status: 'processing', attempts: 1, dueAt: AT + LEASE_MS });
    email = taken(taken(email));
    expect(email.attempts).toBe(3);
    expect(Email.claim(email, AT).state).toMatchObject({ status: 'failed', sealedFacts: '' });
  });

  it('has ended when it has ended', () => {
    const sent = Email.sent(taken(queued.state), AT).state;
    for (const again of [() => Email.claim(sent, AT), () => Email.sent(sent, AT), () => Email.refused(sent, WAIT, AT)])
      expect(again).toThrow('cannot become');
  });
});
