import type { PaymentLink, PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { ChargeFact, RefundFact } from '#domain/payments/facts.ts';
import type { Charges } from './charges.ts';
import { type Client, inPath } from './client.ts';
import { read, succeeded } from './failures.ts';
import type { Orders } from './orders.ts';
import { PAGE } from './pages.ts';
import type { Refunds } from './refunds.ts';
import { Link, LinkList } from './wire.ts';

export type Links = Pick<PaymentProvider, 'createLink' | 'findLink' | 'cancelLink' | 'factsOfLink'>;
type Facts = readonly (ChargeFact | RefundFact)[];

export function linksOf({ ask }: Client, charges: Charges, refunds: Refunds, orders: Orders): Links {
  const fetch = (linkId: string): Promise<ProviderReply<Link>> => ask(Link, (sdk) => sdk.paymentLink.fetch(inPath(linkId)));

  async function findLink(reference: string): Promise<ProviderReply<PaymentLink | undefined>> {
    const query = { reference_id: reference, count: PAGE }; // The SDK sends it; only its types leave it out.
    const found = await ask(LinkList, (sdk) => sdk.paymentLink.all(query), { optional: true });
    return read(found, (links) => {
      const link = links.find(({ reference_id }) => reference_id === reference);
      return link && paymentLink(link);
    });
  }

  /** What was paid against no order that we know of. */
  async function factsOfPayments(ids: readonly string[]): Promise<ProviderReply<Facts>> {
    const facts: (ChargeFact | RefundFact)[] = [];
    for (const id of ids) {
      const charge = await charges.charge(id);
      if (charge.outcome !== 'succeeded') return charge;
      facts.push(charge.value);
      const given = await refunds.refundsOf(id);
      if (given.outcome !== 'succeeded') return given;
      facts.push(...given.value);
    }
    return succeeded(facts);
  }

  return {
    async createLink(request) {
      const before = await findLink(request.reference);
      if (before.outcome === 'unknown') return before;
      if (before.outcome === 'succeeded' && before.value) return succeeded(before.value);

      const made = read(await ask(Link, (sdk) => sdk.paymentLink.create(bodyOf(request)), { opens: true }), paymentLink);
      if (made.outcome === 'succeeded' || (made.outcome === 'failed' && !/reference/i.test(made.failure.description))) return made;
      const after = await findLink(request.reference);
      return after.outcome === 'succeeded' && after.value ? succeeded(after.value) : made;
    },
    findLink,

    async cancelLink(linkId) {
      const asked = read(await ask(Link, (sdk) => sdk.paymentLink.cancel(inPath(linkId))), paymentLink);
      if (asked.outcome === 'succeeded') return asked;
      const now = read(await fetch(linkId), paymentLink);
      return now.outcome === 'succeeded' && now.value.status === 'cancelled' ? now : asked;
    },

    async factsOfLink(linkId) {
      const link = await fetch(linkId);
      if (link.outcome !== 'succeeded') return link;
      const orderId = orderOf(link.value);
      const ofOrder = orderId === null ? succeeded<Facts>([]) : await orders.factsOf(orderId);
      if (ofOrder.outcome !== 'succeeded') return ofOrder;
      const seen = new Set(ofOrder.value.map(({ chargeId }) => chargeId));
      const rest = await factsOfPayments(link.value.payments.map((payment) => payment.payment_id).filter((id) => !seen.has(id)));
      return read(rest, (facts) => [...ofOrder.value, ...facts].map((fact) => (fact.kind === 'charge' ? { ...fact, linkId } : fact)));
    },
  };
}

/** Some answers leave the prefix out. */
const orderOf = ({ order_id }: Link): string | null => (order_id === null || order_id.startsWith('order_') ? order_id : `order_${order_id}`);

const paymentLink = (link: Link): PaymentLink => ({
  linkId: link.id,
  url: link.short_url ?? '',
  status: link.status,
  providerOrderId: orderOf(link),
});

/** Nobody is written to by the provider: our own notifications do that. */
function bodyOf({ reference, amount, currency, description, expiresAt, customer, notes }: Parameters<PaymentProvider['createLink']>[0]) {
  return {
    amount,
    currency,
    accept_partial: false,
    reference_id: reference,
    description: description.slice(0, 2_048),
    expire_by: Math.floor(expiresAt / 1_000),
    customer: {
      ...(customer.name !== null && { name: customer.name }),
      ...(customer.email !== null && { email: customer.email }),
      ...(customer.phone !== null && { contact: customer.phone }),
    },
    notify: { sms: false, email: false },
    reminder_enable: false,
    notes: { ...notes },
  };
}
