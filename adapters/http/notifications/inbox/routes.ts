import { z } from 'zod';
import type { Inbox } from '#application/notifications/inbox/module.ts';
import { DEFAULT_WISHES } from '#domain/notifications/inbox/preferences.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { etag, Id, link, PageQuery, pageRequest, pageView } from '../../schemas.ts';
import { INBOX_PROBLEMS } from './problems.ts';
import {
  NoticeView,
  noticeView,
  PreferencesView,
  preferencesView,
  SubscriptionShape,
  SubscriptionView,
  subscriptionView,
  WishesShape,
} from './views.ts';

const at = '2026-11-21T10:30:00.000Z';
const NOTICE_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a14',
  restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  category: 'orders',
  title: 'Order 0042 is on its way',
  body: 'Annapurna Kitchen: The rider has it.',
  link: '/track/019a9f3e-7c41-7b1c-9d55-3f1f1c2b7a11',
  isCritical: true,
  createdAt: at,
  readAt: null,
};
const WISHES_EXAMPLE = {
  ...DEFAULT_WISHES,
  channels: { ...DEFAULT_WISHES.channels },
  digests: { stock: 'daily' },
  quietHours: { from: '22:00', to: '07:00' },
};
const SUBSCRIPTION_BODY = {
  endpoint: 'https://push.example.com/send/abc',
  keys: {
    p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
    auth: 'tBHItJI5svbpez7KI4CCXg',
  },
};
const SUBSCRIPTION_EXAMPLE = { id: '019a9f3e-7c42-7b1c-9d55-3f1f1c2b7a12', device: 'Firefox on Android', subscribedAt: at };
const NoticesQuery = PageQuery.extend({
  unread: z
    .literal('true')
    .transform(() => true as const)
    .optional(),
});

/** What somebody was told, and how they wish to be. */
export const inboxRoutes = (inbox: Inbox, deviceOf: (userAgent: string | undefined) => string): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me/notifications',
    operationId: 'listNotifications',
    tag: 'Notifications',
    summary: 'List what you were told, newest first',
    access: 'authenticated',
    query: NoticesQuery,
    status: 200,
    response: pageView(NoticeView).extend({ unread: z.int().meta({ description: 'How many are unread; 1000 stands for that many or more.' }) }),
    example: { response: { data: [NOTICE_EXAMPLE], next: null, unread: 1 } },
    problems: {},
    replyHeaders: (page, { query: { unread, ...query } }) => link('/me/notifications', page, { ...query, ...(unread && { unread: 'true' }) }),
    async handle({ query: { unread, ...query } }, { actor }) {
      const [{ data, next }, count] = await Promise.all([inbox.notices(unread ? { unread } : {}, pageRequest(query), actor), inbox.unread(actor)]);
      return ok({ data: data.map(noticeView), next, unread: count });
    },
  }),
  route({
    method: 'put',
    path: '/me/notifications/{noticeId}/receipt',
    operationId: 'markNotificationRead',
    tag: 'Notifications',
    summary: 'Say that you have read one',
    access: 'authenticated',
    params: z.object({ noticeId: Id }),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(INBOX_PROBLEMS, 'notifications.notice_not_found'),
    handle: ({ params }, { actor }) => inbox.readNotice(params, actor),
  }),
  route({
    method: 'put',
    path: '/me/notifications/receipt',
    operationId: 'markNotificationsRead',
    tag: 'Notifications',
    summary: 'Say that you have read all up to one',
    description: 'At most 500 at a time: ask again while it answers that many.',
    access: 'authenticated',
    body: z.strictObject({ upTo: Id }),
    status: 200,
    response: z.object({ read: z.int() }),
    example: { body: { upTo: NOTICE_EXAMPLE.id }, response: { read: 3 } },
    problems: {},
    async handle({ body }, { actor }) {
      const read = await inbox.readNotices(body, actor);
      return read.ok ? ok({ read: read.value }) : read;
    },
  }),
  route({
    method: 'get',
    path: '/me/notification-preferences',
    operationId: 'getNotificationPreferences',
    tag: 'Notifications',
    summary: 'Read how you wish to be told of things',
    access: 'authenticated',
    status: 200,
    response: PreferencesView,
    example: { response: { ...WISHES_EXAMPLE, version: 1 } },
    problems: {},
    replyHeaders: etag,
    handle: async (_input, { actor }) => ok(preferencesView(await inbox.preferences(actor))),
  }),
  route({
    method: 'put',
    path: '/me/notification-preferences',
    operationId: 'changeNotificationPreferences',
    tag: 'Notifications',
    summary: 'Say how you wish to be told of things',
    description: 'Send the ETag you read in If-Match to be refused if you changed them elsewhere since.',
    access: 'authenticated',
    body: WishesShape,
    status: 200,
    response: PreferencesView,
    example: { body: WISHES_EXAMPLE, response: { ...WISHES_EXAMPLE, version: 2 } },
    problems: pick(INBOX_PROBLEMS, 'notifications.time_zone_unknown', 'notifications.changed_meanwhile'),
    replyHeaders: etag,
    async handle({ body: { digests, ...wishes } }, { actor, ifMatch }) {
      const chosen = Object.fromEntries(Object.entries(digests).filter(([, digest]) => digest !== undefined));
      const changed = await inbox.changePreferences({ wishes: { ...wishes, digests: chosen }, expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(preferencesView(changed.value)) : changed;
    },
  }),
  ...pushRoutes(inbox, deviceOf),
];

const pushRoutes = (inbox: Inbox, deviceOf: (userAgent: string | undefined) => string): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/push-key',
    operationId: 'getPushKey',
    tag: 'Notifications',
    summary: 'Read the key that browsers subscribe with',
    description: 'The `applicationServerKey` of `PushManager.subscribe`.',
    access: 'public',
    status: 200,
    response: z.object({ publicKey: z.string() }),
    example: { response: { publicKey: SUBSCRIPTION_BODY.keys.p256dh } },
    problems: {},
    handle: async () => ok({ publicKey: inbox.pushKey }),
  }),
  route({
    method: 'get',
    path: '/me/push-subscriptions',
    operationId: 'listPushSubscriptions',
    tag: 'Notifications',
    summary: 'List the browsers that are rung for you',
    access: 'authenticated',
    status: 200,
    response: z.object({ data: z.array(SubscriptionView), next: z.null() }),
    example: { response: { data: [SUBSCRIPTION_EXAMPLE], next: null } },
    problems: {},
    handle: async (_input, { actor }) => ok({ data: (await inbox.pushSubscriptions(actor)).map(subscriptionView), next: null }),
  }),
  route({
    method: 'post',
    path: '/me/push-subscriptions',
    operationId: 'subscribeToPush',
    tag: 'Notifications',
    summary: 'Have a browser rung for you',
    description: 'The body is the subscription as the browser made it. Whoever signed in there before is rung there no more.',
    access: 'authenticated',
    body: SubscriptionShape,
    status: 201,
    response: SubscriptionView,
    example: { body: SUBSCRIPTION_BODY, response: SUBSCRIPTION_EXAMPLE },
    problems: pick(INBOX_PROBLEMS, 'notifications.push_address_refused', 'notifications.too_many_push_subscriptions'),
    async handle({ body: { endpoint, keys } }, { actor, origin }) {
      const subscribed = await inbox.subscribeToPush({ address: { endpoint, ...keys }, device: deviceOf(origin.userAgent) }, actor);
      return subscribed.ok ? ok(subscriptionView(subscribed.value)) : subscribed;
    },
  }),
  route({
    method: 'delete',
    path: '/me/push-subscriptions/{subscriptionId}',
    operationId: 'unsubscribeFromPush',
    tag: 'Notifications',
    summary: 'Have a browser rung no more',
    access: 'authenticated',
    params: z.object({ subscriptionId: Id }),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(INBOX_PROBLEMS, 'notifications.push_subscription_not_found'),
    handle: ({ params }, { actor }) => inbox.unsubscribeFromPush(params, actor),
  }),
];
