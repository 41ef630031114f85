import { describe, expect, it } from 'vitest';
import { EMAIL_POLICY, Email, type EmailDraft } from '#domain/notifications/email/email.ts';

const AT = 1_764_000_000_000;
const DRAFT: EmailDraft = {
  id: 'e1',
  key: 'reset:1',
  to: 'meera@example.com',
  recipientDigest: 'digest',
  template: 'reset_password',
  priority: 'urgent',
  campaignId: null,
  traceId: null,
  sealedFacts: 'sealed',
  expiresAt: AT + 3_600_000,
};
const queued = Email.queue(DRAFT, AT);
const taken = (email: Email, at = AT): Email => Email.claim(email, { isSuppressed: false }, EMAIL_POLICY, at).state;
const WAIT = { reason: 'answered 451', isPermanent: false };

describe('a mail in the queue', () => {
  it('is told without its address or its text', () => {
    expect(queued.events).toEqual([{ type: 'notifications.email_queued', emailId: 'e1', template: 'reset_password', at: AT }]);
    const sent = Email.sent(taken(queued.state), AT + 1);
    expect(sent.events).toEqual([{ type: 'notifications.email_sent', emailId: 'e1', template: 'reset_password', attempts: 1, at: AT + 1 }]);
    expect(sent.state).toMatchObject({ status: 'sent', sealedFacts: '', endedAt: AT + 1 });
  });

  it('is tried three times, a minute and then five apart, and then has failed', () => {
    let email = queued.state;
    for (const wait of [60_000, 300_000]) {
      const again = Email.refused(taken(email), WAIT, EMAIL_POLICY, AT);
      expect([again.state.status, again.state.dueAt - AT, again.events]).toEqual(['pending', wait, []]);
      email = again.state;
    }
    const last = Email.refused(taken(email), WAIT, EMAIL_POLICY, AT);
    expect(last.state).toMatchObject({ status: 'failed', attempts: 3, failure: 'exhausted', sealedFacts: 'sealed' });
    expect(last.events).toMatchObject([{ type: 'notifications.email_failed', failure: 'exhausted', reason: 'answered 451' }]);
  });

  it('has failed at once when it was refused for good', () => {
    const end = Email.refused(taken(queued.state), { reason: 'answered 550', isPermanent: true }, EMAIL_POLICY, AT);
    expect(end.state).toMatchObject({ status: 'failed', failure: 'refused' });
  });

  it('is not sent once it is worth nothing, and its text goes', () => {
    const late = Email.claim(queued.state, { isSuppressed: false }, EMAIL_POLICY, DRAFT.expiresAt);
    expect(late.state).toMatchObject({ status: 'failed', failure: 'expired', sealedFacts: '', attempts: 0 });
    expect(Email.claim(queued.state, { isSuppressed: false }, EMAIL_POLICY, DRAFT.expiresAt - 1).state.status).toBe('processing');
  });

  it('is not sent to an address that is not written to', () => {
    expect(Email.claim(queued.state, { isSuppressed: true }, EMAIL_POLICY, AT).state).toMatchObject({ status: 'failed', failure: 'suppressed' });
  });

  it('is taken over from a process that never came back, but not for ever', () => {
    let email = taken(queued.state);
    expect(email).toMatchObject({ status: 'processing', attempts: 1, dueAt: AT + EMAIL_POLICY.leaseMs });
    email = taken(taken(email));
    expect(email.attempts).toBe(3);
    expect(taken(email)).toMatchObject({ status: 'failed', failure: 'lost' });
  });

  it('is put back with its attempt when nobody took any mail', () => {
    expect(Email.postponed(taken(queued.state), 'no answer', 15_000, AT).state).toMatchObject({ status: 'pending', attempts: 0, dueAt: AT + 15_000 });
  });

  it('is another mail only to who does not know its lease', () => {
    const claimed = taken(queued.state);
    expect(Email.isHeldBy(claimed, claimed)).toBe(true);
    expect(Email.isHeldBy(taken(claimed, AT + 1), claimed)).toBe(false);
    expect(Email.isHeldBy(Email.sent(claimed, AT).state, claimed)).toBe(false);
  });

  it('is tried again by who dealt with it, while it is of use', () => {
    const failed = Email.refused(taken(queued.state), { reason: 'answered 550', isPermanent: true }, EMAIL_POLICY, AT).state;
    expect(Email.retry(failed, AT + 5)).toMatchObject({
      ok: true,
      value: { state: { status: 'pending', attempts: 0, failure: null, dueAt: AT + 5 } },
    });
    expect(Email.retry(failed, DRAFT.expiresAt)).toMatchObject({ ok: false, error: { code: 'notifications.email_gone' } });
    expect(Email.retry(queued.state, AT)).toMatchObject({ ok: false, error: { code: 'notifications.email_not_failed' } });
    const expired = Email.claim(queued.state, { isSuppressed: false }, EMAIL_POLICY, DRAFT.expiresAt).state;
    expect(Email.retry({ ...expired, expiresAt: Infinity }, AT)).toMatchObject({ ok: false, error: { code: 'notifications.email_gone' } });
  });

  it('has ended when it was sent', () => {
    const sent = Email.sent(taken(queued.state), AT).state;
    const steps = [() => taken(sent), () => Email.sent(sent, AT), () => Email.refused(sent, WAIT, EMAIL_POLICY, AT)];
    for (const again of steps) expect(again).toThrow('cannot become');
  });
});
