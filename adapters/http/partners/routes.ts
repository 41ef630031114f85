import { z } from 'zod';
import type { Partners } from '#application/partners/module.ts';
import type { Restaurant } from '#domain/partners/restaurant.ts';
import { DINING_OPTIONS } from '#domain/shared/dining.ts';
import { err, ok } from '#domain/shared/result.ts';
import { AROUND_THE_CLOCK } from '#domain/shared/weekly-hours.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, Id, InstantView, link, PageQuery, pageRequest, pageView, RestaurantParams, Time, Windows } from '../schemas.ts';
import { Email, Name } from '../validators.ts';
import { GivenRole } from './inputs.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { PARTNERS_PROBLEMS } from './problems.ts';
import { roleRoutes } from './role-routes.ts';
import { STAFF_EXAMPLE, StaffView, staffPage } from './staff-view.ts';

const StaffParams = RestaurantParams.extend({ accountId: Id });
const Dining = z.enum(DINING_OPTIONS);
const TaxClass = z.string().regex(/^[a-z0-9_-]{1,40}$/, 'a-z, 0-9, - and _');
const TaxRule = z.strictObject({
  taxClass: TaxClass,
  diningOption: Dining.optional(),
  components: z.array(z.strictObject({ name: Name.max(20), percent: z.number().min(0).max(100) })).max(4),
});

const settings = {
  name: Name,
  currency: z.string().regex(/^[A-Z]{3}$/, 'ISO 4217'),
  timeZone: z.string().min(1).max(64),
  openingHours: Windows,
  businessDayStartsAt: Time.refine((time) => time !== '24:00', 'HH:MM before 24:00'),
  diningOptions: z.array(Dining).min(1).max(DINING_OPTIONS.length),
  pricesIncludeTax: z.boolean(),
  taxRules: z.array(TaxRule).max(40),
  cashRounding: z.int().min(1).max(10_000),
  isAcceptingOrders: z.boolean(),
};
const OpenBody = z.strictObject({
  ...settings,
  currency: settings.currency.default('INR'),
  timeZone: settings.timeZone.default('Asia/Kolkata'),
  openingHours: settings.openingHours.default([...AROUND_THE_CLOCK]),
  businessDayStartsAt: settings.businessDayStartsAt.default('00:00'),
  diningOptions: settings.diningOptions.default([...DINING_OPTIONS]),
  pricesIncludeTax: settings.pricesIncludeTax.default(false),
  taxRules: settings.taxRules.default([]),
  cashRounding: settings.cashRounding.default(1),
  isAcceptingOrders: settings.isAcceptingOrders.default(true),
  ownerEmail: Email.optional(),
});
const ChangeBody = z.strictObject(settings).omit({ currency: true }).partial();
const RestaurantView = z.object({ id: Id, ...settings, openedAt: InstantView, version: z.int() });
const StaffBody = z.strictObject({ email: Email, role: GivenRole });

const EXAMPLE = {
  name: 'Annapurna Kitchen',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  openingHours: [
    { day: 1, from: '11:00', to: '15:00' },
    { day: 1, from: '18:30', to: '01:00' },
  ],
  businessDayStartsAt: '04:00',
  diningOptions: ['delivery', 'takeaway'],
  pricesIncludeTax: false,
  taxRules: [
    {
      taxClass: 'food',
      components: [
        { name: 'CGST', percent: 2.5 },
        { name: 'SGST', percent: 2.5 },
      ],
    },
  ],
  cashRounding: 100,
  isAcceptingOrders: true,
};
const VIEW_EXAMPLE = { id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10', ...EXAMPLE, openedAt: '2026-11-21T10:30:00.000Z', version: 1 };

const view = ({ openingHours, diningOptions, taxRules, ...restaurant }: Restaurant): z.input<typeof RestaurantView> => ({
  ...restaurant,
  openingHours: [...openingHours],
  diningOptions: [...diningOptions],
  taxRules: taxRules.map(({ components, ...rule }) => ({ ...rule, components: [...components] })),
});

export const partnersRoutes = (partners: Partners): readonly AnyRoute[] => [
  ...restaurantRoutes(partners),
  ...roleRoutes(partners),
  ...invitationRoutes(partners),
];

const restaurantRoutes = (partners: Partners): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants',
    operationId: 'openRestaurant',
    tag: 'Restaurants',
    summary: 'Open a restaurant',
    description: 'For admins, and for owners of another restaurant. Whoever opens it owns it, unless `ownerEmail` names someone else.',
    access: 'authenticated',
    body: OpenBody,
    status: 201,
    response: RestaurantView,
    example: { body: EXAMPLE, response: VIEW_EXAMPLE },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.not_permitted',
      'partners.account_not_found',
      'partners.time_zone_unknown',
      'partners.currency_unknown',
      'partners.opening_hours_malformed',
      'partners.tax_rule_malformed',
    ),
    replyHeaders: (restaurant) => ({ ...etag(restaurant), location: `/restaurants/${restaurant.id}` }),
    async handle({ body: { ownerEmail, ...settings } }, { actor }) {
      const opened = await partners.openRestaurant({ settings, ownerEmail }, actor);
      return opened.ok ? ok(view(opened.value)) : opened;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants',
    operationId: 'listRestaurants',
    tag: 'Restaurants',
    summary: 'List restaurants, newest first',
    access: 'public',
    query: PageQuery,
    status: 200,
    response: pageView(RestaurantView),
    example: { response: { data: [VIEW_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/restaurants', page, query),
    handle: async ({ query }) => {
      const { data, next } = await partners.restaurants(pageRequest(query));
      return ok({ data: data.map(view), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}',
    operationId: 'getRestaurant',
    tag: 'Restaurants',
    summary: 'Read a restaurant',
    access: 'public',
    params: RestaurantParams,
    status: 200,
    response: RestaurantView,
    example: { response: VIEW_EXAMPLE },
    problems: pick(PARTNERS_PROBLEMS, 'partners.restaurant_not_found'),
    replyHeaders: etag,
    async handle({ params: { restaurantId } }) {
      const restaurant = await partners.restaurant(restaurantId);
      return restaurant ? ok(view(restaurant)) : err({ code: 'partners.restaurant_not_found', restaurantId });
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}',
    operationId: 'changeRestaurant',
    tag: 'Restaurants',
    summary: 'Change a restaurant',
    description:
      'Only what is given changes. Send the ETag you read in If-Match to be refused if somebody else changed it since. The currency is for ever.',
    access: { permission: 'restaurants:write', in: 'restaurant' },
    params: RestaurantParams,
    body: ChangeBody,
    status: 200,
    response: RestaurantView,
    example: { body: { isAcceptingOrders: false }, response: { ...VIEW_EXAMPLE, isAcceptingOrders: false, version: 2 } },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.restaurant_not_found',
      'partners.changed_meanwhile',
      'partners.time_zone_unknown',
      'partners.currency_unknown',
      'partners.opening_hours_malformed',
      'partners.tax_rule_malformed',
    ),
    replyHeaders: etag,
    async handle({ params: { restaurantId }, body }, { actor, ifMatch }) {
      const changed = await partners.changeRestaurant({ restaurantId, changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(view(changed.value)) : changed;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/staff',
    operationId: 'listStaff',
    tag: 'Staff',
    summary: 'List who works at a restaurant',
    access: { permission: 'staff:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(StaffView),
    example: { response: { data: [STAFF_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/staff`, page, query),
    handle: async ({ params, query }) => ok(staffPage(await partners.staff(params.restaurantId, pageRequest(query)))),
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/staff',
    operationId: 'addStaff',
    tag: 'Staff',
    summary: 'Give an account a role in the restaurant',
    description:
      'In place of any other role it holds there. Nobody gives or takes a role that allows more than they may themselves; only owners make owners, and give an owner another role.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: RestaurantParams,
    body: StaffBody,
    status: 201,
    response: StaffView,
    example: { body: { email: 'meera@annapurna.test', role: 'kitchen' }, response: STAFF_EXAMPLE },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.restaurant_not_found',
      'partners.account_not_found',
      'partners.role_unknown',
      'partners.owner_required',
      'partners.last_owner',
      'partners.beyond_your_reach',
    ),
    async handle({ params, body: { email, role } }, { actor }) {
      const added = await partners.addStaff({ ...params, email, role }, actor);
      return added.ok ? ok({ ...added.value, role }) : added;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/staff/{accountId}',
    operationId: 'removeStaff',
    tag: 'Staff',
    summary: 'Take an account off the staff',
    description: 'Somebody who may no more than you. Only owners take owners off, and the last one stays.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: StaffParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PARTNERS_PROBLEMS, 'partners.staff_not_found', 'partners.owner_required', 'partners.last_owner', 'partners.beyond_your_reach'),
    handle: ({ params }, { actor }) => partners.removeStaff(params, actor),
  }),
];
