import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsMax, EMAIL_NEXT, EMAIL_STATUSES, Email, type EmailDraft, type EmailPolicy } from '#domain/notifications/email/email.ts';
import { SUPPRESSION_REASONS, Suppression } from '#domain/notifications/email/suppression.ts';
import { EMAIL_TEMPLATES, type EmailKind, TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';

const DRAFT: EmailDraft = {
  id: 'e1',
  key: 'k',
  to: 'a@b.test',
  recipientDigest: 'd',
  template: 'order_ready',
  priority: 'normal',
  campaignId: null,
  traceId: null,
  sealedFacts: 'sealed',
  expiresAt: 0,
};
const policies: fc.Arbitrary<EmailPolicy> = fc.record({
  retryMs: fc.array(fc.nat(1_000), { maxLength: 9 }),
  leaseMs: fc.integer({ min: 1, max: 1_000 }),
});
/** What can happen to a mail, by whoever: taken when it is due, and then any end, told by any of those who ever took it. */
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('claim', 'sent', 'later', 'never', 'postponed', 'retry', 'crash' as const),
    waits: fc.nat(2_000),
    by: fc.nat(5),
    isSuppressed: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('whatever happens to a mail', () => {
  it('is sent once at the most by what is written down, and tried no more often than its policy allows', () => {
    fc.assert(
      fc.property(policies, steps, fc.integer({ min: 1, max: 20_000 }), (policy, happening, expiresAt) => {
        let email: Email = Email.queue({ ...DRAFT, expiresAt }, 0).state;
        let now = 0;
        let sent = 0;
        let tries = 0;
        const claims: Email[] = [];
        for (const { what, waits, by, isSuppressed } of happening) {
          now += waits;
          const claimed = claims[by % Math.max(1, claims.length)];
          if (what === 'claim') {
            if ((email.status !== 'pending' && email.status !== 'processing') || email.dueAt > now) continue;
            email = Email.claim(email, { isSuppressed }, policy, now).state;
            if (email.status === 'processing') claims.push(email);
            if (email.status === 'processing') tries += 1;
            expect(email.status !== 'processing' || now < expiresAt).toBe(true);
          } else if (what === 'retry') {
            const retried = Email.retry(email, now);
            if (retried.ok) [email, tries] = [retried.value.state, 0];
          } else if (claimed && what !== 'crash' && Email.isHeldBy(email, claimed)) {
            const reason = 'r';
            if (what === 'sent') [email, sent] = [Email.sent(email, now).state, sent + 1];
            else if (what === 'postponed') [email, tries] = [Email.postponed(email, reason, waits, now).state, tries - 1];
            else email = Email.refused(email, { reason, isPermanent: what === 'never' }, policy, now).state;
          }
          Email.check(email);
          expect(email.attempts).toBe(tries);
          expect(tries).toBeLessThanOrEqual(attemptsMax(policy));
          expect(sent).toBeLessThanOrEqual(1);
          expect(sent === 1).toBe(email.status === 'sent');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends, unless somebody tries it again: every state is reachable, and what was sent stays sent', () => {
    const reached = new Set<string>(['pending']);
    for (let i = 0; i < EMAIL_STATUSES.length; i++)
      for (const from of EMAIL_STATUSES) if (reached.has(from)) for (const to of EMAIL_NEXT[from]) reached.add(to);
    expect([...reached].sort()).toEqual([...EMAIL_STATUSES].sort());
    expect(EMAIL_NEXT.sent).toEqual([]);
  });
});

describe('an address that is not written to', () => {
  it('still gets what its owner must know of their account, and nothing we only want to say', () => {
    for (const reason of SUPPRESSION_REASONS) {
      const blocked = (kind: EmailKind) => Suppression.blocks(reason, kind);
      expect([blocked('security'), blocked('transactional'), blocked('marketing')]).toEqual([false, reason !== 'unsubscribed', true]);
    }
  });

  it('is only ever shut out further', () => {
    for (const one of SUPPRESSION_REASONS)
      for (const other of SUPPRESSION_REASONS) expect(Suppression.isWorse(one, other) && Suppression.isWorse(other, one)).toBe(false);
  });
});

describe('every template', () => {
  it('that holds a token concerns security, goes first, and is of use no longer than a few days', () => {
    for (const name of TEMPLATE_NAMES) {
      const { kind, priority, lifeMs, ...rest } = EMAIL_TEMPLATES[name];
      // An invitation opens what is offered, and nothing that somebody has already.
      if ('holdsToken' in rest) expect([name, kind, priority]).toEqual([name, name === 'invitation' ? 'transactional' : 'security', 'urgent']);
      if ('isAskedForByAnybody' in rest) expect([name, kind]).toEqual([name, 'security']);
      expect(lifeMs).toBeLessThanOrEqual(7 * 86_400_000);
    }
  });
});
