import { type Actor, may } from '../../shared/actor.ts';
import type { Change } from '../../shared/change.ts';
import { invariant } from '../../shared/invariant.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { PaymentsErrorOf } from '../errors.ts';
import type { PayoutAccountChanged } from '../events.ts';

export const BASIS_POINTS_MAX = 10_000;

/** Where a restaurant's money goes, and what the platform keeps of it. */
export type PayoutAccount = {
  readonly restaurantId: string;
  readonly processor: string | null;
  /** The restaurant's own account at the processor: `acc_…`. */
  readonly account: string | null;
  /** In hundredths of a percent; null: what the platform keeps of everybody. */
  readonly commissionBasisPoints: number | null;
  /** 0 until first saved. */
  readonly version: number;
};

export type WrittenAccount = {
  readonly processor: string;
  readonly account: string;
  /** As it is when it is left out. */
  readonly commissionBasisPoints: number | null | undefined;
};

const none = (restaurantId: string): PayoutAccount => ({ restaurantId, processor: null, account: null, commissionBasisPoints: null, version: 0 });

/** The restaurant says where its money goes; what is kept of it, only the platform says. */
function write(
  before: PayoutAccount,
  written: WrittenAccount,
  actor: Actor,
  at: number,
): Result<Change<PayoutAccount, PayoutAccountChanged>, PaymentsErrorOf<'payments.not_permitted'>> {
  const { processor, account, commissionBasisPoints = before.commissionBasisPoints } = written;
  if (commissionBasisPoints !== before.commissionBasisPoints && !may(actor, 'platform:operate')) {
    return err({ code: 'payments.not_permitted', permission: 'platform:operate' });
  }
  const state = { ...before, processor, account, commissionBasisPoints };
  const isSame = processor === before.processor && account === before.account && commissionBasisPoints === before.commissionBasisPoints;
  const { restaurantId } = before;
  const event = { type: 'payments.payout_account_changed', restaurantId, processor, account, commissionBasisPoints, at } as const;
  return ok({ state, events: isSame ? [] : [event] });
}

function check(account: PayoutAccount): PayoutAccount {
  const { commissionBasisPoints: rate } = account;
  invariant(rate === null || (Number.isInteger(rate) && rate >= 0 && rate <= BASIS_POINTS_MAX), `a commission of ${rate} basis points`);
  return account;
}

export const PayoutAccount = { none, write, check };
