import { z } from 'zod';
import type { ApiKeyUseCases } from '#application/identity/api-keys.ts';
import { API_KEY_STATUSES, type ApiKey, KEY_DAYS_MAX, KEY_SCOPES, NETWORKS_MAX } from '#domain/identity/api-key.ts';
import type { ApiKeyError } from '#domain/identity/api-key-errors.ts';
import { ok } from '#domain/shared/result.ts';
import { isNetwork } from '../client-address.ts';
import type { Problems } from '../problem.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, Instant, InstantView, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { Name } from '../validators.ts';

export const API_KEY_PROBLEMS: Problems<ApiKeyError> = {
  'identity.api_key_not_found': {
    status: 404,
    title: 'There is no such API key',
    detail: 'GET the API keys of the restaurant to see which there are.',
  },
  'identity.api_key_revoked': { status: 409, title: 'The API key is already revoked', detail: 'It opens nothing any more. Issue another one.' },
  'identity.api_key_scope_not_held': {
    status: 403,
    title: 'You may not give what you do not have',
    detail: ({ scopes }) => `Leave out ${scopes.join(', ')}, or have somebody issue the key who holds it.`,
  },
  'identity.api_key_expiry_out_of_range': {
    status: 422,
    title: 'The key cannot expire then',
    detail: ({ daysMax }) => `Choose a time to come, within ${daysMax} days, or leave it out.`,
  },
  'identity.too_many_api_keys': {
    status: 409,
    title: 'The restaurant has too many API keys',
    detail: ({ limit }) => `At most ${limit} can be live at once. Revoke one that is not used.`,
  },
  'identity.person_required': { status: 403, title: 'Only a person can do this', detail: 'Sign in with an account; a program gives no access.' },
};

const KeyParams = RestaurantParams.extend({ apiKeyId: Id });
const Scope = z.enum(KEY_SCOPES);
const Network = z.string().max(64).refine(isNetwork, 'an address or a network such as 203.0.113.0/24').meta({ example: '203.0.113.0/24' });
const IssueBody = z.strictObject({
  name: Name,
  scopes: z
    .array(Scope)
    .min(1)
    .max(KEY_SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'each once'),
  networks: z.array(Network).max(NETWORKS_MAX).default([]).meta({ description: 'Where it may be used from; without any, anywhere.' }),
  expiresAt: Instant.nullish()
    .transform((at) => (at ? Date.parse(at) : null))
    .meta({
      type: ['string', 'null'],
      format: 'date-time',
      description: `Within ${KEY_DAYS_MAX} days; without it the key lives until it is revoked.`,
    }),
});
const ApiKeyView = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(Scope),
  networks: z.array(z.string()),
  issuedBy: Id,
  issuedAt: InstantView,
  expiresAt: InstantView.nullable(),
  status: z.enum(API_KEY_STATUSES),
});
const ListedView = ApiKeyView.extend({ lastUsedAt: InstantView.nullable() });
const IssuedView = ApiKeyView.extend({ token: z.string().meta({ description: 'Shown this once. Send it as `Authorization: Bearer <token>`.' }) });

const EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  name: 'Aggregator',
  scopes: ['orders:read', 'orders:accept'],
  networks: ['203.0.113.0/24'],
  issuedBy: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  issuedAt: '2026-11-21T10:30:00.000Z',
  expiresAt: '2027-11-21T10:30:00.000Z',
  status: 'active',
};
const TOKEN_EXAMPLE = 'thali_live_AZqfPnxAexydVT8fHCt6EA_Jq0mB3m2rV0H2nqg1c1oJfG3r8w9yZkq0M5n6p7s8tU';

const view = (key: ApiKey): z.input<typeof ApiKeyView> => ({ ...key, scopes: [...key.scopes], networks: [...key.networks] });

export const apiKeyRoutes = (apiKeys: ApiKeyUseCases): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/api-keys',
    operationId: 'issueApiKey',
    tag: 'API keys',
    summary: 'Give a program access to the restaurant',
    description:
      'It may do what its scopes say, never more than whoever issued it may at that moment, and nothing that only a person may. The answer is the only place where its token is ever shown.',
    access: { permission: 'keys:write', in: 'restaurant' },
    params: RestaurantParams,
    body: IssueBody,
    status: 201,
    response: IssuedView,
    example: {
      body: { name: EXAMPLE.name, scopes: EXAMPLE.scopes, networks: EXAMPLE.networks, expiresAt: EXAMPLE.expiresAt },
      response: { ...EXAMPLE, token: TOKEN_EXAMPLE },
    },
    problems: pick(
      API_KEY_PROBLEMS,
      'identity.api_key_scope_not_held',
      'identity.api_key_expiry_out_of_range',
      'identity.too_many_api_keys',
      'identity.person_required',
    ),
    async handle({ params: { restaurantId }, body }, { actor }) {
      const issued = await apiKeys.issueApiKey({ restaurantId, ...body }, actor);
      return issued.ok ? ok({ ...view(issued.value.key), token: issued.value.token }) : issued;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/api-keys',
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: 'List the API keys of a restaurant, newest first',
    access: { permission: 'keys:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(ListedView),
    example: { response: { data: [{ ...EXAMPLE, lastUsedAt: '2026-11-21T11:00:00.000Z' }], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/api-keys`, page, query),
    async handle({ params: { restaurantId }, query }) {
      const { data, next } = await apiKeys.apiKeys(restaurantId, pageRequest(query));
      return ok({ data: data.map((key) => ({ ...view(key), lastUsedAt: key.lastUsedAt })), next });
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/api-keys/{apiKeyId}',
    operationId: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'It opens nothing from then on, and stays in the list.',
    access: { permission: 'keys:write', in: 'restaurant' },
    params: KeyParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(API_KEY_PROBLEMS, 'identity.api_key_not_found', 'identity.api_key_revoked'),
    handle: ({ params }, { actor }) => apiKeys.revokeApiKey(params, actor),
  }),
];
