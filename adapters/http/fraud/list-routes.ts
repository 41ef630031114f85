import { z } from 'zod';
import type { AddListEntry } from '#application/fraud/add-list-entry.ts';
import type { Fraud } from '#application/fraud/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, Instant, link, PageQuery, pageRequest, pageView, RestaurantParams, Text } from '../schemas.ts';
import { ENTRY_BODY, ENTRY_EXAMPLE } from './examples.ts';
import { FRAUD_PROBLEMS } from './problems.ts';
import { EntryView, entryView, Kind, ListName } from './views.ts';

/** No suspicion lasts longer. */
const EXPIRY_MAX = Date.UTC(2200, 0, 1);

const facts = {
  list: ListName,
  kind: Kind,
  reason: Text(300).min(1),
  expiresAt: Instant.transform((at) => Date.parse(at))
    .pipe(z.number().max(EXPIRY_MAX, 'before the year 2200'))
    .optional(),
};
const EntryBody = z.union([
  z.strictObject({ ...facts, value: Text(254).min(1) }),
  z.strictObject({ ...facts, decisionId: Id.meta({ description: 'Lists what this decision knew of the kind, which nobody can read' }) }),
]);
const EntryQuery = PageQuery.extend({ list: ListName.optional() });
const EntryParams = z.object({ entryId: Id });

const ADDING = pick(
  FRAUD_PROBLEMS,
  'fraud.entry_value_malformed',
  'fraud.entry_exists',
  'fraud.entry_expired',
  'fraud.decision_not_found',
  'fraud.entry_not_in_decision',
);
const GONE = pick(FRAUD_PROBLEMS, 'fraud.entry_not_found');
const LISTS = 'What is on the deny list is refused before any score, whatever else it is on; what is on the allow list is spared the score.';

export const listRoutes = (fraud: Fraud): readonly AnyRoute[] => [
  ...(['platform', 'restaurant'] as const).flatMap((scope) => [readRoute(fraud, scope), addRoute(fraud, scope), removeRoute(fraud, scope)]),
];

type Scope = 'platform' | 'restaurant';
const pathOf = (scope: Scope): string => (scope === 'platform' ? '/fraud/list-entries' : '/restaurants/{restaurantId}/fraud/list-entries');
const nameOf = (verb: string, scope: Scope): string => (scope === 'platform' ? `${verb}PlatformListEntry` : `${verb}ListEntry`);
const ofWhom = (scope: Scope): string => (scope === 'platform' ? 'the whole platform' : 'a restaurant');
const NoParams = z.object({});
/** Null on the platform, whose paths name no restaurant. */
const restaurantIn = (params: object): string | null => ('restaurantId' in params ? String(params.restaurantId) : null);

const readRoute = (fraud: Fraud, scope: Scope): AnyRoute =>
  route({
    method: 'get',
    path: pathOf(scope),
    operationId: scope === 'platform' ? 'listPlatformListEntries' : 'listListEntries',
    tag: 'Fraud',
    summary: `List what ${ofWhom(scope)} denies and allows, newest first`,
    access: { permission: 'fraud:lists', in: scope },
    params: scope === 'platform' ? NoParams : RestaurantParams,
    query: EntryQuery,
    status: 200,
    response: pageView(EntryView),
    example: { response: { data: [ENTRY_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(pathOf(scope).replace('{restaurantId}', restaurantIn(params) ?? ''), page, query),
    async handle({ params, query: { list, ...query } }) {
      const { data, next } = await fraud.listEntries(restaurantIn(params), list === undefined ? {} : { list }, pageRequest(query));
      return ok({ data: data.map(entryView), next });
    },
  });

const addRoute = (fraud: Fraud, scope: Scope): AnyRoute =>
  route({
    method: 'post',
    path: pathOf(scope),
    operationId: nameOf('add', scope),
    tag: 'Fraud',
    summary: `Deny or allow something on ${ofWhom(scope)}`,
    description: LISTS,
    access: { permission: 'fraud:lists', in: scope },
    params: scope === 'platform' ? NoParams : RestaurantParams,
    body: EntryBody,
    status: 201,
    response: EntryView,
    example: { body: ENTRY_BODY, response: ENTRY_EXAMPLE },
    problems: ADDING,
    async handle({ params, body }, { actor }) {
      const { list, kind, reason, expiresAt = null } = body;
      const subject: AddListEntry['subject'] = 'value' in body ? { value: body.value } : { decisionId: body.decisionId };
      const added = await fraud.addListEntry({ restaurantId: restaurantIn(params), list, kind, subject, reason, expiresAt }, actor);
      return added.ok ? ok(entryView(added.value)) : added;
    },
  });

const removeRoute = (fraud: Fraud, scope: Scope): AnyRoute =>
  route({
    method: 'delete',
    path: `${pathOf(scope)}/{entryId}`,
    operationId: nameOf('remove', scope),
    tag: 'Fraud',
    summary: `Take an entry off the lists of ${ofWhom(scope)}`,
    access: { permission: 'fraud:lists', in: scope },
    params: scope === 'platform' ? EntryParams : RestaurantParams.extend(EntryParams.shape),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: GONE,
    handle: ({ params }, { actor }) => fraud.removeListEntry({ restaurantId: restaurantIn(params), entryId: params.entryId }, actor),
  });
