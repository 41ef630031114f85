import type { CatalogueEvent } from '#domain/catalogue/events.ts';
import type { FraudEvent } from '#domain/fraud/events.ts';
import type { IdentityEvent } from '#domain/identity/events.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { InboxEvent, NotificationsEvent } from '#domain/notifications/events.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type {
  ExceptionResolved,
  PaymentEvent,
  PayoutAccountChanged,
  PayoutEvent,
  SavedMethodEvent,
  WebhookReceived,
} from '#domain/payments/events.ts';
import type { PlatformEvent } from '#domain/platform/events.ts';
import type { SupportEvent } from '#domain/support/events.ts';
import type { WebhooksEvent } from '#domain/webhooks/events.ts';

/** How long an entry of the trail matters: what concerns access, money or people longer than the rest. */
export const AUDIT_CLASSES = ['sensitive', 'standard'] as const;
export type AuditClass = (typeof AUDIT_CLASSES)[number];

type Known =
  | CatalogueEvent
  | FraudEvent
  | IdentityEvent
  | InboxEvent
  | InventoryEvent
  | NotificationsEvent
  | OrderEvent
  | PartnersEvent
  | PaymentEvent
  | PayoutEvent
  | PayoutAccountChanged
  | ExceptionResolved
  | SavedMethodEvent
  | WebhookReceived
  | PlatformEvent
  | SupportEvent
  | WebhooksEvent;

/** What every event is to the trail; null is what follows by itself from one that is in it. An event that stands nowhere here does not compile. */
const CLASS_OF = {
  'catalogue.category_added': 'standard',
  'catalogue.category_archived': 'standard',
  'catalogue.category_changed': 'standard',
  'catalogue.item_added': 'standard',
  'catalogue.item_archived': 'standard',
  'catalogue.item_availability_set': 'standard',
  'catalogue.item_changed': 'standard',
  'catalogue.modifier_group_added': 'standard',
  'catalogue.modifier_group_archived': 'standard',
  'catalogue.modifier_group_changed': 'standard',
  'catalogue.option_availability_set': 'standard',
  'fraud.assessed': 'sensitive',
  'fraud.labelled': 'sensitive',
  'fraud.list_entry_added': 'sensitive',
  'fraud.list_entry_removed': 'sensitive',
  'fraud.policy_changed': 'sensitive',
  'fraud.review_approved': 'sensitive',
  'fraud.review_claimed': 'standard',
  'fraud.review_endorsed': 'sensitive',
  'fraud.review_opened': 'standard',
  'fraud.review_rejected': 'sensitive',
  'fraud.review_reopened': 'standard',
  'identity.account_closed': 'sensitive',
  'identity.account_reclaimed': 'sensitive',
  'identity.account_registered': 'sensitive',
  'identity.api_key_issued': 'sensitive',
  'identity.api_key_revoked': 'sensitive',
  'identity.backup_codes_made': 'sensitive',
  'identity.email_changed': 'sensitive',
  'identity.email_verified': 'sensitive',
  'identity.external_identity_linked': 'sensitive',
  'identity.external_identity_removed': 'sensitive',
  'identity.external_identity_used': 'sensitive',
  'identity.passkey_added': 'sensitive',
  'identity.passkey_removed': 'sensitive',
  'identity.passkey_used': 'sensitive',
  'identity.password_changed': 'sensitive',
  'identity.password_rehashed': null,
  'identity.platform_role_given': 'sensitive',
  'identity.platform_role_taken': 'sensitive',
  'identity.profile_changed': 'sensitive',
  'identity.registration_repeated': 'sensitive',
  'identity.reset_refused': 'sensitive',
  'identity.reset_requested': 'sensitive',
  'identity.second_factor_begun': 'sensitive',
  'identity.second_factor_turned_off': 'sensitive',
  'identity.second_factor_turned_on': 'sensitive',
  'identity.second_factor_used': 'sensitive',
  'identity.session_expired': null,
  'identity.session_revoked': 'sensitive',
  'identity.session_rotated': null,
  'identity.session_started': 'sensitive',
  'identity.session_strengthened': 'sensitive',
  'identity.sign_in_failed': 'sensitive',
  'identity.sign_in_locked': 'sensitive',
  'identity.token_exhausted': 'sensitive',
  'identity.token_expired': null,
  'identity.token_issued': null,
  'identity.token_missed': 'sensitive',
  'identity.token_redeemed': null,
  'identity.token_superseded': null,
  'inventory.recipe_changed': 'standard',
  'inventory.reservation_settled': null,
  'inventory.stock_item_added': 'standard',
  'inventory.stock_item_changed': 'standard',
  'inventory.stock_low': null,
  'inventory.stock_moved': 'standard',
  'inventory.stock_out': null,
  'inventory.stock_recovered': null,
  'inventory.stock_reserved': null,
  'notifications.email_campaign_queued': 'standard',
  'notifications.email_failed': 'standard',
  'notifications.email_queued': null,
  'notifications.email_retried': 'standard',
  'notifications.email_sending_paused': 'standard',
  'notifications.email_sending_resumed': 'standard',
  'notifications.email_sent': null,
  'notifications.emails_forgotten': 'standard',
  'notifications.suppression_added': 'sensitive',
  'notifications.suppression_removed': 'sensitive',
  'notifications.test_email_asked': 'standard',
  'notifications.dispatch_dropped': null,
  'notifications.dispatch_planned': null,
  'notifications.dispatch_sent': null,
  'notifications.notice_created': null,
  'notifications.notice_read': null,
  'notifications.preferences_changed': 'standard',
  'notifications.push_subscribed': 'standard',
  'notifications.push_unsubscribed': 'standard',
  'ordering.order_accepted': 'standard',
  'ordering.order_cancelled': 'standard',
  'ordering.order_completed': 'standard',
  'ordering.order_expired': 'standard',
  'ordering.order_out_for_delivery': 'standard',
  'ordering.order_pending': 'standard',
  'ordering.order_placed': 'standard',
  'ordering.order_preparing': 'standard',
  'ordering.order_ready': 'standard',
  'ordering.order_rejected': 'standard',
  'ordering.order_returned': 'standard',
  'partners.invitation_accepted': 'sensitive',
  'partners.invitation_revoked': 'sensitive',
  'partners.invitation_sent': 'sensitive',
  'partners.invitation_superseded': null,
  'partners.restaurant_changed': 'standard',
  'partners.restaurant_opened': 'standard',
  'partners.role_changed': 'sensitive',
  'partners.role_made': 'sensitive',
  'partners.role_removed': 'sensitive',
  'partners.staff_added': 'sensitive',
  'partners.staff_removed': 'sensitive',
  'payments.attempt_ended': null,
  'payments.attempt_opened': null,
  'payments.attempt_released': 'sensitive',
  'payments.attempt_started': 'standard',
  'payments.charge_authorized': 'sensitive',
  'payments.charge_captured': 'sensitive',
  'payments.charge_created': null,
  'payments.charge_detailed': null,
  'payments.charge_failed': 'standard',
  'payments.charge_voided': 'sensitive',
  'payments.dispute_changed': 'sensitive',
  'payments.exception_resolved': 'sensitive',
  'payments.method_removed': 'standard',
  'payments.method_saved': 'standard',
  'payments.payment_opened': 'standard',
  'payments.payout_account_changed': 'sensitive',
  'payments.payout_observed': 'sensitive',
  'payments.payout_refused': 'sensitive',
  'payments.payout_requested': 'sensitive',
  'payments.refund_failed': 'sensitive',
  'payments.refund_observed': null,
  'payments.refund_processed': 'sensitive',
  'payments.refund_processing': null,
  'payments.refund_requested': 'sensitive',
  'payments.webhook_received': null,
  'platform.dead_jobs_redriven': 'sensitive',
  'platform.event_discarded': 'sensitive',
  'platform.events_unparked': 'sensitive',
  'platform.job_cancelled': 'sensitive',
  'platform.job_retried': 'sensitive',
  'platform.node_lost': 'standard',
  'platform.queue_paused': 'sensitive',
  'platform.queue_resumed': 'sensitive',
  'platform.rate_limit_bypassed': 'sensitive',
  'platform.replay_done': 'standard',
  'platform.replay_requested': 'sensitive',
  'platform.schedule_run': 'sensitive',
  'support.canned_reply_removed': 'standard',
  'support.canned_reply_written': 'standard',
  'support.message_sent': null,
  'support.messages_read': null,
  'support.thread_opened': null,
  'support.ticket_assigned': 'standard',
  'support.ticket_moved': 'standard',
  'support.ticket_opened': 'standard',
  'support.ticket_responded': null,
  'support.ticket_sorted': 'standard',
  'webhooks.delivery_failed': null,
  'webhooks.delivery_queued': null,
  'webhooks.delivery_replayed': 'standard',
  'webhooks.delivery_succeeded': null,
  'webhooks.endpoint_added': 'sensitive',
  'webhooks.endpoint_changed': 'sensitive',
  'webhooks.endpoint_deleted': 'sensitive',
  'webhooks.endpoint_disabled': 'standard',
  'webhooks.endpoint_enabled': 'standard',
  'webhooks.endpoint_failing': null,
  'webhooks.endpoint_recovered': null,
  'webhooks.secret_rotated': 'sensitive',
} as const satisfies Readonly<Record<Known['type'], AuditClass | null>>;

/** Every type of event that the trail keeps. */
export const AUDITED: readonly string[] = Object.entries(CLASS_OF).flatMap(([type, found]) => (found === null ? [] : [type]));

/** The class of an event that the trail keeps; undefined for every other. */
export const auditClassOf = (type: string): AuditClass | undefined =>
  Object.hasOwn(CLASS_OF, type) ? (CLASS_OF[type as Known['type']] ?? undefined) : undefined;
