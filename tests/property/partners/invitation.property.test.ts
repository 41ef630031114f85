import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Invitation } from '#domain/partners/invitation.ts';
import { must } from '../../support/must.ts';

const AT = 1_764_000_000_000;
const HOUR = 3_600_000;
const sent = (hours: number): Invitation =>
  must(
    Invitation.send(
      { id: 'i', restaurantId: 'r', email: 'a@b.test', role: 'waiter', selector: 's', verifierHash: 'h', invitedBy: 'o', hours },
      0,
      AT,
    ),
  ).state;
const step = fc.record({ what: fc.constantFrom('accept', 'steal', 'revoke', 'supersede'), after: fc.integer({ min: 0, max: 60 * HOUR }) });

it('an invitation is answered once, by whom it is for, in its time, and stays what it became', () => {
  fc.assert(
    fc.property(fc.integer({ min: 24, max: 168 }), fc.array(step, { maxLength: 12 }), (hours, script) => {
      let invitation = sent(hours);
      let at = AT;
      let accepted = 0;
      for (const { what, after } of script) {
        at += after;
        const before = Invitation.statusAt(invitation, at);
        const email = what === 'steal' ? 'c@d.test' : 'a@b.test';
        if (what === 'supersede') {
          const change = Invitation.supersede(invitation, at);
          if (change) invitation = Invitation.check(change.state);
          continue;
        }
        const result =
          what === 'revoke' ? Invitation.revoke(invitation, at) : Invitation.accept(invitation, { accountId: 'x', email, isConfirmed: true }, at);
        expect(result.ok).toBe(before === 'pending' && what !== 'steal');
        if (!result.ok) {
          if (before !== 'pending') expect(result.error).toEqual({ code: 'partners.invitation_over', ending: before });
          continue;
        }
        if (what === 'accept') accepted++;
        expect(at).toBeLessThan(AT + hours * HOUR);
        invitation = Invitation.check(result.value.state);
      }
      expect(accepted).toBeLessThanOrEqual(1);
      if (accepted === 1) expect(Invitation.statusAt(invitation, at)).toBe('accepted');
    }),
  );
});
