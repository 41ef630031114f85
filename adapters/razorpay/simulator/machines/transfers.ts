import type { Notes, Payment, Reversal, Transfer } from '../world/entities.ts';
import type { PlannedTransfer } from '../world/tables.ts';
import type { World } from '../world/world.ts';
import { balanceOf, feeOf, post } from './books.ts';
import { Refusal } from './refusal.ts';

/** From the balance. */
export function transferDirect(world: World, wanted: PlannedTransfer): Transfer {
  checkAccount(world, wanted);
  const { fee } = feeOf(wanted.amount, world.settings.transferFeeRate, world.settings.taxRate);
  if (balanceOf(world) < wanted.amount + fee) {
    throw new Refusal('Account does not have sufficient balance to carry out transfer operation', {
      code: 'BAD_REQUEST_TRANSFER_INSUFFICIENT_BALANCE',
      field: 'amount',
    });
  }
  return transfer(world, world.account.id, wanted);
}

/** From a captured payment, as much as is left of it. */
export function transferFromPayment(world: World, payment: Payment, wanted: readonly PlannedTransfer[]): Transfer[] {
  if (!payment.captured) throw new Refusal('The payment status should be captured for action to be taken', { metadata: { payment_id: payment.id } });
  const sum = wanted.reduce((total, { amount }) => total + amount, 0);
  if (sum > payment.amount - payment.amount_refunded - payment.amount_transferred) {
    throw new Refusal('The sum of amount requested for transfer is greater than the captured amount', { field: 'amount' });
  }
  for (const one of wanted) checkAccount(world, one);
  return wanted.map((one) => {
    payment.amount_transferred += one.amount;
    return transfer(world, payment.id, one, payment);
  });
}

/** What the order said is passed on when it is paid. */
export function transferPlanned(world: World, payment: Payment, planned: readonly PlannedTransfer[]): void {
  const sum = planned.reduce((total, { amount }) => total + amount, 0);
  if (sum > 0 && sum <= payment.amount && payment.amount_transferred === 0) transferFromPayment(world, payment, planned);
}

export function checkAccount(world: World, { account, currency }: PlannedTransfer): void {
  if (!world.tables.accounts.has(account)) throw new Refusal('The account id provided does not exist', { field: 'account' });
  if (currency !== 'INR') throw new Refusal('Transfers are possible in INR only', { field: 'currency' });
}

function transfer(world: World, source: string, wanted: PlannedTransfer, payment?: Payment): Transfer {
  const { fee, tax } = feeOf(wanted.amount, world.settings.transferFeeRate, world.settings.taxRate);
  const isHeld = Boolean(wanted.on_hold);
  const made: Transfer = {
    id: world.id('trf'),
    entity: 'transfer',
    status: 'pending',
    settlement_status: null,
    source,
    recipient: wanted.account,
    amount: wanted.amount,
    currency: wanted.currency,
    amount_reversed: 0,
    fees: fee,
    tax,
    notes: notesOf(wanted.notes),
    linked_account_notes: wanted.linked_account_notes ?? [],
    on_hold: isHeld,
    on_hold_until: wanted.on_hold_until ?? null,
    recipient_settlement_id: null,
    created_at: world.now(),
    processed_at: null,
    error: { code: null, description: null, field: null, source: null, step: null, reason: null, id: null, metadata: null },
  };
  world.tables.transfers.set(made.id, made);
  post(world, { entity_id: made.id, type: 'transfer', amount: made.amount, debit: made.amount + fee, currency: made.currency, fee, tax, payment });
  world.after(world.settings.transferSeconds, () => {
    if (made.status !== 'pending') return;
    Object.assign(made, { status: 'processed', processed_at: world.now(), settlement_status: made.on_hold ? 'on_hold' : 'pending' });
    world.webhooks.emit('transfer.processed', { transfer: made });
  });
  return made;
}

const notesOf = (notes: PlannedTransfer['notes']): Notes =>
  notes && Object.keys(notes).length > 0 ? Object.fromEntries(Object.entries(notes).map(([key, value]) => [key, String(value)])) : [];

/** Something is wrong at the other end; the money stays here. */
export function failTransfer(world: World, made: Transfer, description = 'The account is not active'): void {
  if (made.status !== 'pending' && made.status !== 'created') return;
  made.status = 'failed';
  Object.assign(made.error, { code: 'BAD_REQUEST_ERROR', description, reason: 'account_inactive', source: 'business', id: made.id });
  post(world, {
    entity_id: made.id,
    type: 'adjustment',
    amount: made.amount,
    credit: made.amount + made.fees,
    currency: made.currency,
    description: 'Transfer failed',
  });
  world.webhooks.emit('transfer.failed', { transfer: made });
}

export function reverse(world: World, made: Transfer, wanted?: number, notes?: Notes): Reversal {
  const left = made.amount - made.amount_reversed;
  const amount = wanted ?? left;
  if (made.status !== 'processed' && made.status !== 'partially_reversed') throw new Refusal('The transfer has not been processed yet');
  if (amount > left) throw new Refusal('The reversal amount provided is greater than the unreversed amount of the transfer', { field: 'amount' });
  made.amount_reversed += amount;
  made.status = made.amount_reversed === made.amount ? 'reversed' : 'partially_reversed';
  const reversal: Reversal = {
    id: world.id('rvrsl'),
    entity: 'reversal',
    transfer_id: made.id,
    amount,
    fee: 0,
    tax: 0,
    currency: made.currency,
    notes: notes ?? [],
    initiator_id: world.account.id,
    customer_refund_id: null,
    created_at: world.now(),
  };
  world.tables.reversals.set(reversal.id, reversal);
  post(world, { entity_id: reversal.id, type: 'adjustment', amount, credit: amount, currency: made.currency, description: `Reversal of ${made.id}` });
  return reversal;
}

/** Takes back everything that was passed on of a payment. */
export function reverseAll(world: World, payment: Payment): void {
  for (const made of world.tables.transfers.values()) {
    if (made.source === payment.id && (made.status === 'processed' || made.status === 'partially_reversed')) reverse(world, made);
  }
}
