import type { TargetFault, WebhooksError } from '#domain/webhooks/errors.ts';
import type { Problems } from '../problem.ts';

const FAULTS: Readonly<Record<TargetFault, string>> = {
  malformed: 'It is no address of the web.',
  not_https: 'It must begin with https://.',
  has_credentials: 'A name and a password do not belong in it: every delivery is signed instead.',
  port_not_allowed: 'Use the usual port, 443, or one that the operator allows.',
  not_public: 'It leads to a machine that is not on the public internet.',
  unresolvable: 'Its name leads nowhere: look for a typing error, or wait until its DNS entry is known.',
};

export const WEBHOOKS_PROBLEMS: Problems<WebhooksError> = {
  'webhooks.endpoint_not_found': {
    status: 404,
    title: 'There is no such webhook',
    detail: 'Check webhookId; GET /restaurants/{restaurantId}/webhooks lists them.',
  },
  'webhooks.too_many_endpoints': {
    status: 409,
    title: 'The restaurant has too many webhooks',
    detail: ({ limit }) => `At most ${limit} are kept. Delete one that is not used.`,
  },
  'webhooks.url_refused': { status: 422, title: 'Nothing can be sent to that address', detail: ({ fault }) => FAULTS[fault] },
  'webhooks.event_type_unknown': {
    status: 422,
    title: 'There is no such type of event',
    detail: ({ eventTypes }) => `GET /webhook-events lists them; ${eventTypes.join(', ')} matches none. Use a type, a group such as order.*, or *.`,
  },
  'webhooks.illegal_transition': {
    status: 409,
    title: 'The webhook is there already',
    detail: ({ from, to }) => `It is ${from} and cannot become ${to}.`,
  },
  'webhooks.changed_meanwhile': {
    status: 412,
    title: 'Somebody changed it since you read it',
    detail: ({ version }) => `It is at version ${version}. Read it again and repeat your change.`,
  },
  'webhooks.delivery_not_found': {
    status: 404,
    title: 'There is no such delivery',
    detail: 'Check deliveryId; deliveries are kept for thirty days.',
  },
  'webhooks.endpoint_disabled': {
    status: 409,
    title: 'The webhook is disabled',
    detail: 'Enable it first: POST /restaurants/{restaurantId}/webhooks/{webhookId}/activation.',
  },
  'webhooks.delivery_under_way': {
    status: 409,
    title: 'It is still being delivered',
    detail: ({ deliveryStatus }) => `It is ${deliveryStatus}, so it needs no replay.`,
  },
  'webhooks.too_many_replays': { status: 409, title: 'It was replayed too often', detail: ({ limit }) => `At most ${limit} times. Read it instead.` },
};
