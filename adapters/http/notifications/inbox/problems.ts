import type { InboxError } from '#domain/notifications/inbox/errors.ts';
import type { Problems } from '../../problem.ts';

export const INBOX_PROBLEMS: Problems<InboxError> = {
  'notifications.notice_not_found': {
    status: 404,
    title: 'You have no such notification',
    detail: 'GET /me/notifications lists yours; what is older than three months is forgotten.',
  },
  'notifications.time_zone_unknown': { status: 422, title: 'The time zone is not known', detail: 'Use an IANA name such as Asia/Kolkata.' },
  'notifications.changed_meanwhile': {
    status: 412,
    title: 'Your preferences have changed since you read them',
    detail: ({ version }) => `They are at version ${version} now. Read them again, and send their ETag in If-Match.`,
  },
  'notifications.push_address_refused': {
    status: 422,
    title: 'That address cannot be rung',
    detail: 'Send the subscription exactly as the browser made it with the key of GET /push-key; its endpoint must be a public https address.',
  },
  'notifications.push_subscription_not_found': {
    status: 404,
    title: 'You have no such subscription',
    detail: 'GET /me/push-subscriptions lists yours.',
  },
  'notifications.too_many_push_subscriptions': {
    status: 409,
    title: 'There are enough browsers to ring',
    detail: ({ limit }) => `${limit} are the most. Remove one that you use no more.`,
  },
};
