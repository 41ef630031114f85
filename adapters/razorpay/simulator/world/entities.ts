/** Razorpay's entities, field by field as documented. They are changed in place; whoever hands one out copies it. */
export type Notes = Record<string, string> | [];
export type Collection<T> = { readonly entity: 'collection'; readonly count: number; readonly items: readonly T[] };

export type Order = {
  readonly id: string;
  readonly entity: 'order';
  readonly amount: number;
  amount_paid: number;
  amount_due: number;
  readonly currency: string;
  readonly receipt: string | null;
  readonly offer_id: null;
  status: 'created' | 'attempted' | 'paid';
  attempts: number;
  notes: Notes;
  readonly created_at: number;
};

export type Method = 'card' | 'upi' | 'netbanking' | 'wallet' | 'emi';
export type Card = {
  readonly id: string;
  readonly entity: 'card';
  readonly name: string;
  readonly last4: string;
  readonly network: string;
  readonly type: string;
  readonly issuer: string | null;
  readonly international: boolean;
  readonly emi: boolean;
  readonly sub_type: string;
};

export type Payment = {
  readonly id: string;
  readonly entity: 'payment';
  readonly amount: number;
  readonly currency: string;
  readonly base_amount: number;
  status: 'created' | 'authorized' | 'captured' | 'refunded' | 'failed';
  readonly order_id: string | null;
  readonly invoice_id: string | null;
  readonly international: boolean;
  readonly method: Method;
  amount_refunded: number;
  amount_transferred: number;
  refund_status: null | 'partial' | 'full';
  captured: boolean;
  readonly description: string | null;
  readonly card_id: string | null;
  readonly card?: Card;
  readonly bank: string | null;
  readonly wallet: string | null;
  readonly vpa: string | null;
  readonly upi?: { readonly payer_account_type: string; readonly vpa: string };
  readonly email: string;
  readonly contact: string;
  readonly customer_id?: string;
  readonly token_id: string | null;
  notes: Notes;
  fee: number | null;
  tax: number | null;
  error_code: string | null;
  error_description: string | null;
  error_source: string | null;
  error_step: string | null;
  error_reason: string | null;
  acquirer_data: Record<string, string | null>;
  late_authorized?: true;
  readonly created_at: number;
};

export type Refund = {
  readonly id: string;
  readonly entity: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly payment_id: string;
  notes: Notes;
  readonly receipt: string | null;
  acquirer_data: Record<string, string | null>;
  readonly created_at: number;
  readonly batch_id: null;
  status: 'pending' | 'processed' | 'failed';
  speed_processed: 'normal' | 'instant';
  readonly speed_requested: 'normal' | 'optimum';
};

export type TransferError = Record<'code' | 'description' | 'field' | 'source' | 'step' | 'reason' | 'id' | 'metadata', string | null>;
export type Transfer = {
  readonly id: string;
  readonly entity: 'transfer';
  status: 'created' | 'pending' | 'processed' | 'failed' | 'reversed' | 'partially_reversed';
  settlement_status: null | 'pending' | 'on_hold' | 'settled';
  readonly source: string;
  readonly recipient: string;
  readonly amount: number;
  readonly currency: string;
  amount_reversed: number;
  fees: number;
  tax: number;
  notes: Notes;
  readonly linked_account_notes: readonly string[];
  on_hold: boolean;
  on_hold_until: number | null;
  recipient_settlement_id: string | null;
  readonly created_at: number;
  processed_at: number | null;
  error: TransferError;
};

export type Reversal = {
  readonly id: string;
  readonly entity: 'reversal';
  readonly transfer_id: string;
  readonly amount: number;
  readonly fee: number;
  readonly tax: number;
  readonly currency: string;
  readonly notes: Notes;
  readonly initiator_id: string;
  readonly customer_refund_id: string | null;
  readonly created_at: number;
};

export type Evidence = Record<string, unknown> & { amount: number; summary: string | null; submitted_at: number | null };
export type Dispute = {
  readonly id: string;
  readonly entity: 'dispute';
  readonly payment_id: string;
  readonly amount: number;
  readonly currency: string;
  amount_deducted: number;
  readonly reason_code: string;
  readonly reason_description: string;
  readonly respond_by: number;
  status: 'open' | 'under_review' | 'won' | 'lost' | 'closed';
  readonly phase: 'fraud' | 'retrieval' | 'chargeback' | 'pre_arbitration' | 'arbitration';
  readonly created_at: number;
  readonly evidence: Evidence;
};

export type Settlement = {
  readonly id: string;
  readonly entity: 'settlement';
  readonly amount: number;
  readonly status: 'created' | 'processed' | 'failed';
  readonly fees: number;
  readonly tax: number;
  readonly utr: string;
  readonly created_at: number;
};

export type ReconRow = {
  readonly entity_id: string;
  readonly type: 'payment' | 'refund' | 'transfer' | 'adjustment';
  readonly debit: number;
  readonly credit: number;
  readonly amount: number;
  readonly currency: string;
  readonly fee: number;
  readonly tax: number;
  readonly on_hold: boolean;
  settled: boolean;
  readonly created_at: number;
  settled_at: number | null;
  settlement_id: string | null;
  readonly posted_at: null;
  readonly credit_type: 'default';
  readonly description: string | null;
  readonly notes: string;
  readonly payment_id: string | null;
  settlement_utr: string | null;
  readonly order_id: string | null;
  readonly order_receipt: string | null;
  readonly method: string | null;
  readonly card_network: string | null;
  readonly card_issuer: string | null;
  readonly card_type: string | null;
  readonly dispute_id: string | null;
};

export type LinkPayment = {
  readonly amount: number;
  readonly created_at: number;
  readonly method: string;
  readonly payment_id: string;
  readonly plink_id: string;
  readonly status: 'captured';
  readonly updated_at: number;
};
export type Link = {
  readonly id: string;
  accept_partial: boolean;
  readonly amount: number;
  amount_paid: number;
  readonly callback_method: string;
  readonly callback_url: string;
  cancelled_at: number;
  readonly created_at: number;
  readonly currency: string;
  readonly customer: Record<string, string>;
  readonly description: string;
  expire_by: number;
  expired_at: number;
  readonly first_min_partial_amount: number;
  notes: Notes | null;
  readonly notify: { readonly email: boolean; readonly sms: boolean; readonly whatsapp: boolean };
  order_id: string | null;
  payments: LinkPayment[] | null;
  reference_id: string;
  reminder_enable: boolean;
  readonly reminders: [];
  readonly short_url: string;
  status: 'created' | 'partially_paid' | 'expired' | 'cancelled' | 'paid';
  readonly upi_link: boolean;
  updated_at: number;
  readonly user_id: string;
};

export type Downtime = {
  readonly id: string;
  readonly entity: 'payment.downtime';
  readonly method: Method;
  readonly begin: number;
  end: number | null;
  status: 'started' | 'resolved';
  readonly scheduled: boolean;
  readonly severity: 'high' | 'medium' | 'low';
  readonly instrument: Record<string, string>;
  readonly created_at: number;
  updated_at: number;
};

export type Account = Record<string, unknown> & { readonly id: string; readonly entity: 'account'; readonly created_at: number };
