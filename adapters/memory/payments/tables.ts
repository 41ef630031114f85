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
