import { z } from 'zod';
import type { WebhookEvent } from '#application/payments/provider.ts';
import type { ProviderFact } from '#domain/payments/facts.ts';
import { disputeFact } from './disputes.ts';
import { refundFact } from './refunds.ts';
import { digestOf } from './signatures.ts';
import { transferFact } from './transfers.ts';
import { Dispute, Payment, Refund, Transfer } from './wire.ts';

const Seconds = z
  .union([z.int(), z.stringFormat('integer', /^\d{1,15}$/).transform(Number)])
  .optional()
  .catch(undefined);
const Envelope = z.object({
  event: z.string().min(1).max(100),
  created_at: Seconds,
  payload: z.record(z.string(), z.unknown()).catch({}),
});

/** Which link a payment came by. */
const LinkName = z.object({ id: z.string().startsWith('plink_').max(64) });

/** The events whose entities tell us something we keep. Others are read as having happened, no more. */
const TELLING =
  /^(payment\.(authorized|captured|failed|pending|dispute\.\w+)|order\.paid|(refund|transfer|payment_link)\.\w+|invoice\.(paid|partially_paid)|subscription\.charged|qr_code\.credited|virtual_account\.credited)$/;

/** Reads bytes whose signature was checked before. The payload is a snapshot of the moment of the event, so it never goes stale as a fact. */
export function readWebhook(body: Uint8Array, eventId: string | undefined, chargeFact: (payment: Payment) => ProviderFact): WebhookEvent | undefined {
  const envelope = Envelope.safeParse(jsonOf(body));
  if (!envelope.success) return undefined;
  const { event: type, payload } = envelope.data;
  const facts = TELLING.test(type) ? factsIn(payload, chargeFact) : [];
  const seconds = envelope.data.created_at ?? Seconds.parse(payload['created_at']);
  const at = seconds === undefined ? (facts[0]?.at ?? 0) : seconds * 1_000;
  return { eventId: eventId || digestOf(body), type, at, facts };
}

function factsIn(payload: Readonly<Record<string, unknown>>, chargeFact: (payment: Payment) => ProviderFact): ProviderFact[] {
  const payment = Payment.safeParse(entityOf(payload['payment']));
  const refund = Refund.safeParse(entityOf(payload['refund']));
  const dispute = Dispute.safeParse(entityOf(payload['dispute'] ?? payload['payment.dispute']));
  const link = LinkName.safeParse(entityOf(payload['payment_link']));
  const transfer = Transfer.safeParse(entityOf(payload['transfer']));
  return [
    ...(payment.success ? [{ ...chargeFact(payment.data), ...(link.success && { linkId: link.data.id }) } as ProviderFact] : []),
    ...(refund.success ? [refundFact(refund.data)] : []),
    ...(dispute.success ? [disputeFact(dispute.data)] : []),
    ...(transfer.success ? [transferFact(transfer.data)] : []),
  ];
}

/** `{ entity: {...} }`, as documented; some have been seen without the frame. */
function entityOf(framed: unknown): unknown {
  if (typeof framed !== 'object' || framed === null) return undefined;
  const { entity } = framed as { entity?: unknown };
  return typeof entity === 'object' && entity !== null ? entity : framed;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
