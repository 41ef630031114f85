import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { RefundRequested } from '#domain/payments/events.ts';
import type { mailWithin } from './mail-within.ts';

/** What is told of money that goes back without its owner having asked for it. */
const WHY: Readonly<Record<string, string>> = {
  late: 'Your payment came after your order had expired, so the order was not made.',
  duplicate: 'Your order was paid twice, so the second payment goes back.',
  surplus: 'More was paid than your order cost, so the rest goes back.',
  cancelled: 'Your order was cancelled.',
  rejected: 'The restaurant could not take your order.',
};

/** Whom mail goes to; identity answers, inside the same transaction. Undefined where nobody is to be written to. */
export type Recipients = { find(accountId: string): Promise<{ readonly email: string; readonly displayName: string } | undefined> };
export type MailTx = { readonly mail: ReturnType<typeof mailWithin>; readonly recipients: Recipients };

/** Tells customers of money that we give back by ourselves, once for each refund. */
export const onRefundRequested: Subscription<MailTx> = {
  name: 'notifications-money-back',
  types: ['payments.refund_requested'],
  async on({ mail, recipients }, events, isReplay) {
    if (isReplay) return;
    for (const { data } of events as readonly RecordedEvent<RefundRequested>[]) {
      const { refund, currency, customerId } = data;
      const why = WHY[refund.reason];
      const recipient = why === undefined ? undefined : await recipients.find(customerId);
      if (why === undefined || recipient === undefined) continue;
      const facts = { name: recipient.displayName, why, amount: amountText(refund.amount, currency) };
      await mail.enqueue({ key: `money-back:${refund.id}`, to: recipient.email, template: 'money_back', facts });
    }
  },
};

function amountText(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
