import type { z } from 'zod';
import type { Audit } from '#application/audit/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type Access, type AnyRoute, route } from '../route.ts';
import { link, pageRequest, RestaurantParams } from '../schemas.ts';
import { ExportQuery, SearchQuery, StatisticsQuery, searchOf } from './inputs.ts';
import { csvOf, ENTRY_EXAMPLE, EntriesView, entryView, ndjsonOf, STATISTICS_EXAMPLE, StatisticsView } from './views.ts';

/** Whose trail: one restaurant's, or everybody's. */
type Whose = {
  readonly at: string;
  readonly name: string;
  readonly words: string;
  readonly access: Access;
  readonly params: typeof RestaurantParams | undefined;
};
const RESTAURANT: Whose = {
  at: '/restaurants/{restaurantId}/audit',
  name: 'RestaurantAudit',
  words: 'of a restaurant',
  access: { permission: 'audit:read', in: 'restaurant' },
  params: RestaurantParams,
};
const PLATFORM: Whose = {
  at: '/audit',
  name: 'Audit',
  words: 'of the platform',
  access: { permission: 'audit:read', in: 'platform' },
  params: undefined,
};

const ABOUT =
  'Every entry is an event of the log. Each carries a hash over itself and the entry before it in its class, so none can be changed or left out unseen: `npm run audit:verify` checks. Sensitive entries are kept for seven years, the others for one.';
const PAGE_EXAMPLE = { data: [ENTRY_EXAMPLE], next: null };

export const auditRoutes = (audit: Audit): readonly AnyRoute[] => [RESTAURANT, PLATFORM].flatMap((whose) => routesOf(audit, whose));

function routesOf(audit: Audit, whose: Whose): readonly AnyRoute[] {
  const { at, name, words, access, params } = whose;
  const shared = { method: 'get', tag: 'Audit', access, limiter: 'search', status: 200, problems: {}, ...(params && { params }) } as const;
  const pathOf = (input: unknown): string => at.replace('{restaurantId}', restaurantOf(input) ?? '');
  const entries = async (input: unknown, query: z.output<typeof ExportQuery>) => {
    const { data, next } = await audit.entries(searchOf(restaurantOf(input), query), pageRequest(query));
    return ok({ data: data.map(entryView), next });
  };
  const exported = (format: 'ndjson' | 'csv', type: string, text: typeof ndjsonOf): AnyRoute =>
    route({
      ...shared,
      path: `${at}/entries.${format}`,
      operationId: `export${name}${format === 'csv' ? 'Csv' : 'Ndjson'}`,
      summary: `Export the audit trail ${words} as ${format.toUpperCase()}`,
      description: 'At most 5000 entries, newest first; Link says where the rest is.',
      query: ExportQuery,
      response: EntriesView,
      produces: { type, text },
      example: { response: PAGE_EXAMPLE },
      replyHeaders: (page, input) => ({
        'content-disposition': `attachment; filename="audit.${format}"`,
        ...link(`${pathOf(input)}/entries.${format}`, page, input.query),
      }),
      handle: (input) => entries(input, input.query),
    });

  return [
    route({
      ...shared,
      path: at,
      operationId: `search${name}`,
      summary: `Search the audit trail ${words}, newest first`,
      description: ABOUT,
      query: SearchQuery,
      response: EntriesView,
      example: { response: PAGE_EXAMPLE },
      replyHeaders: (page, input) => link(pathOf(input), page, input.query),
      handle: (input) => entries(input, input.query),
    }),
    route({
      ...shared,
      path: `${at}/statistics`,
      operationId: `count${name}`,
      summary: `Count the audit trail ${words}`,
      description:
        'How many entries there are by class, by type, by actor and by day (UTC); of types and actors the most frequent, of days the latest.',
      query: StatisticsQuery,
      response: StatisticsView,
      example: { response: STATISTICS_EXAMPLE },
      async handle(input) {
        const { total, ...counted } = await audit.statistics(searchOf(restaurantOf(input), input.query));
        const lists = Object.fromEntries(Object.entries(counted).map(([what, list]) => [what, list.map((one) => ({ ...one }))]));
        return ok({ total, ...(lists as Omit<z.input<typeof StatisticsView>, 'total'>) });
      },
    }),
    exported('ndjson', 'application/x-ndjson; charset=utf-8', ndjsonOf),
    exported('csv', 'text/csv; charset=utf-8', csvOf),
  ];
}

/** The restaurant of the path; null where the path has none. */
const restaurantOf = (input: unknown): string | null =>
  (input as { readonly params?: { readonly restaurantId?: string } }).params?.restaurantId ?? null;
