import { z } from 'zod';
import type { Notice } from '#domain/notifications/inbox/notice.ts';
import { CATEGORIES, type Category, CHANNELS, type Channel, DIGESTS, type Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import { Id, InstantView, Time } from '../../schemas.ts';

export const NoticeView = z.object({
  id: Id,
  restaurantId: Id.nullable(),
  category: z.enum(CATEGORIES),
  title: z.string(),
  body: z.string(),
  link: z.string().nullable(),
  isCritical: z.boolean(),
  createdAt: InstantView,
  readAt: InstantView.nullable(),
});
export const noticeView = ({ id, restaurantId, category, title, body, link, isCritical, createdAt, readAt }: Notice): z.input<typeof NoticeView> => ({
  id,
  restaurantId,
  category,
  title,
  body,
  link,
  isCritical,
  createdAt,
  readAt,
});

const Choice = z.strictObject(Object.fromEntries(CHANNELS.map((channel) => [channel, z.boolean()])) as Record<Channel, z.ZodBoolean>);
const DayTime = Time.refine((time) => time !== '24:00', 'HH:MM before 24:00');
export const WishesShape = z.strictObject({
  timeZone: z.string().min(1).max(64).meta({ example: 'Asia/Kolkata' }),
  channels: z
    .strictObject(Object.fromEntries(CATEGORIES.map((category) => [category, Choice])) as Record<Category, typeof Choice>)
    .meta({ description: 'What is told how, besides in the app. Mail about security cannot be turned off.' }),
  digests: z
    .strictObject(
      Object.fromEntries(CATEGORIES.map((category) => [category, z.enum(DIGESTS).optional()])) as Record<
        Category,
        z.ZodOptional<z.ZodEnum<{ hourly: 'hourly'; daily: 'daily' }>>
      >,
    )
    .meta({ description: 'What is gathered: to the full hour, or to eight in the morning.' }),
  quietHours: z
    .strictObject({ from: DayTime, to: DayTime })
    .nullable()
    .meta({ description: 'No bells between these times, by your own clock. What cannot wait comes all the same.' }),
});
export const PreferencesView = WishesShape.extend({ version: z.int() });
export const preferencesView = ({ accountId: _accountId, digests, channels, ...rest }: Preferences): z.input<typeof PreferencesView> => ({
  ...rest,
  channels: { ...channels },
  digests: { ...digests },
});

const base64url = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(/^[\w-]+={0,2}$/, 'base64url');
/** As `PushSubscription.toJSON()` of a browser writes it. */
export const SubscriptionShape = z.strictObject({
  endpoint: z.url().max(1_024),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({ p256dh: base64url(80, 100), auth: base64url(20, 30) }),
});
export const SubscriptionView = z.object({ id: Id, device: z.string(), subscribedAt: InstantView });
export const subscriptionView = ({ id, device, subscribedAt }: PushSubscription): z.input<typeof SubscriptionView> => ({ id, device, subscribedAt });
