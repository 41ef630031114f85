export const PAYMENTS = 'payments.payments';
export const OF_ORDER = 'payments.of_order';
export const REFERENCES = 'payments.references';
export const CHECKS = 'payments.checks';
export const OPERATIONS = 'payments.operations';
export const EVENTS = 'payments.provider_events';
export const ENTRIES = 'payments.ledger_entries';
export const BOOKED = 'payments.booked';
export const BALANCES = 'payments.ledger_balances';
export const EXCEPTIONS = 'payments.exceptions';

export const referenceKey = (processor: string, reference: string): string => JSON.stringify([processor, reference]);

export const PAYOUTS = 'payments.payouts';
export const PAYOUT_ACCOUNTS = 'payments.payout_accounts';
export const BOOK_ROWS = 'payments.book_rows';
export const WALKS = 'payments.walks';
export const LISTED = 'payments.listed_charges';
export const DISPUTES = 'payments.disputes';
export const CUSTOMERS = 'payments.provider_customers';
export const METHODS = 'payments.saved_methods';
