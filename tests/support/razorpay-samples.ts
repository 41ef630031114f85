/** Razorpay's entities with the fields its documentation lists, written by us: what a simulator must not leave out. */
const common = { created_at: 1_700_000_000, notes: [] } as const;

export const ORDER = {
  id: 'order_MGs5kV0PqXh2Zt',
  entity: 'order',
  amount: 50_000,
  amount_paid: 0,
  amount_due: 50_000,
  currency: 'INR',
  receipt: 'R-1',
  offer_id: null,
  status: 'created',
  attempts: 0,
  ...common,
} as const;

export const PAYMENT = {
  id: 'pay_MGs6Qw81LkT0bn',
  entity: 'payment',
  amount: 50_000,
  currency: 'INR',
  status: 'captured',
  order_id: ORDER.id,
  invoice_id: null,
  international: false,
  method: 'card',
  amount_refunded: 0,
  refund_status: null,
  captured: true,
  description: null,
  card_id: 'card_MGs6R1hcE7Wq0d',
  bank: null,
  wallet: null,
  vpa: null,
  email: 'asha@example.com',
  contact: '+919000090000',
  token_id: null,
  fee: 1_180,
  tax: 180,
  error_code: null,
  error_description: null,
  error_source: null,
  error_step: null,
  error_reason: null,
  acquirer_data: { auth_code: '064381' },
  ...common,
} as const;

export const CARD = {
  id: PAYMENT.card_id,
  entity: 'card',
  name: '',
  last4: '1007',
  network: 'Visa',
  type: 'credit',
  issuer: 'HDFC',
  international: false,
  emi: false,
  sub_type: 'consumer',
} as const;

/** Webhooks say more of a payment than the API. */
export const PAYMENT_IN_WEBHOOK = { ...PAYMENT, base_amount: 50_000, amount_transferred: 0, card: CARD } as const;

export const REFUND = {
  id: 'rfnd_MGs7AbC9kqYw3e',
  entity: 'refund',
  amount: 10_000,
  currency: 'INR',
  payment_id: PAYMENT.id,
  receipt: null,
  acquirer_data: { arn: null },
  batch_id: null,
  status: 'processed',
  speed_processed: 'normal',
  speed_requested: 'normal',
  ...common,
} as const;

export const TRANSFER = {
  id: 'trf_MGs8DeF1mrZx4g',
  entity: 'transfer',
  status: 'processed',
  source: 'acc_MGs8DeF1mrZx4h',
  recipient: 'acc_MGs8DeF1mrZx4i',
  amount: 10_000,
  currency: 'INR',
  amount_reversed: 0,
  fees: 30,
  tax: 5,
  linked_account_notes: [],
  on_hold: false,
  on_hold_until: null,
  settlement_status: 'pending',
  recipient_settlement_id: null,
  processed_at: 1_700_000_000,
  error: { code: null, description: null, field: null, source: null, step: null, reason: null, id: null, metadata: null },
  ...common,
} as const;

export const DISPUTE = {
  id: 'disp_MGs9GhI3osAy5j',
  entity: 'dispute',
  payment_id: PAYMENT.id,
  amount: 50_000,
  currency: 'INR',
  amount_deducted: 0,
  reason_code: 'goods_or_services_not_received_or_partially_received',
  reason_description: 'Goods or services were not received, or only in part',
  respond_by: 1_700_600_000,
  status: 'open',
  phase: 'chargeback',
  evidence: {
    amount: 50_000,
    summary: null,
    shipping_proof: null,
    billing_proof: null,
    cancellation_proof: null,
    customer_communication: null,
    proof_of_service: null,
    explanation_letter: null,
    refund_confirmation: null,
    access_activity_log: null,
    refund_cancellation_policy: null,
    term_and_conditions: null,
    others: null,
    submitted_at: null,
  },
  created_at: 1_700_000_000,
} as const;

export const LINK = {
  id: 'plink_MGsAJkL5quBz6k',
  accept_partial: false,
  amount: 30_000,
  amount_paid: 0,
  callback_method: '',
  callback_url: '',
  cancelled_at: 0,
  created_at: 1_700_000_000,
  currency: 'INR',
  customer: { contact: '+919000090000', email: 'asha@example.com', name: 'Asha' },
  description: 'Lunch',
  expire_by: 0,
  expired_at: 0,
  first_min_partial_amount: 0,
  notes: null,
  notify: { email: false, sms: false, whatsapp: false },
  payments: null,
  reference_id: 'L-1',
  reminder_enable: false,
  reminders: [],
  short_url: 'http://localhost/checkout/plink_MGsAJkL5quBz6k',
  status: 'created',
  updated_at: 1_700_000_000,
  upi_link: false,
  user_id: '',
} as const;

export const CUSTOMER = {
  id: 'cust_MGsBMnO7rwC07l',
  entity: 'customer',
  name: 'Asha',
  email: 'asha@example.com',
  contact: '',
  gstin: null,
  ...common,
} as const;

export const SETTLEMENT = {
  id: 'setl_MGsCPqR9tyD18m',
  entity: 'settlement',
  amount: 48_820,
  status: 'processed',
  fees: 1_180,
  tax: 180,
  utr: 'A1B2C3D4E5F6G7H8',
  created_at: 1_700_000_000,
} as const;

export const RECON_ROW = {
  entity_id: PAYMENT.id,
  type: 'payment',
  debit: 0,
  credit: 48_820,
  amount: 50_000,
  currency: 'INR',
  fee: 1_180,
  tax: 180,
  on_hold: false,
  settled: true,
  created_at: 1_700_000_000,
  settled_at: 1_700_086_400,
  settlement_id: SETTLEMENT.id,
  posted_at: null,
  credit_type: 'default',
  description: null,
  notes: '{}',
  payment_id: null,
  settlement_utr: SETTLEMENT.utr,
  order_id: ORDER.id,
  order_receipt: 'R-1',
  method: 'card',
  card_network: 'Visa',
  card_issuer: 'HDFC',
  card_type: 'credit',
  dispute_id: null,
} as const;

export const ERROR = {
  error: {
    code: 'BAD_REQUEST_ERROR',
    description: 'The amount must be at least INR 1.00',
    field: 'amount',
    source: 'business',
    step: 'payment_initiation',
    reason: 'input_validation_failed',
    metadata: {},
  },
} as const;

/** What kind of thing stands at each place; of what may be null, only the name of the place. */
export function shapeOf(value: unknown, path = ''): string[] {
  if (value === null || path.endsWith('.acquirer_data') || path.endsWith('.metadata') || path.endsWith('.notes')) return [path];
  if (Array.isArray(value)) return [path];
  if (typeof value !== 'object') return [path];
  return Object.entries(value)
    .flatMap(([name, inner]) => shapeOf(inner, `${path}.${name}`))
    .toSorted();
}
