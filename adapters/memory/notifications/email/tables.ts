export const EMAILS = 'notifications.emails';
export const KEYS = 'notifications.email_keys';
export const CAMPAIGNS = 'notifications.email_campaigns';
export const SUPPRESSIONS = 'notifications.suppressions';
/** Which entry an address has: a table keyed by it. */
export const SUPPRESSED = 'notifications.suppressed_addresses';
export const SENDING = 'notifications.email_sending';
/** The one row of the switch. */
export const SWITCH = 'switch';
