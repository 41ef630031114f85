import { z } from 'zod';
import { QUANTITY_MAX, Quantity } from '#domain/shared/quantity.ts';
import { nextLink, type PageQuery } from '../schemas.ts';

/** A quantity in the item's unit. How fine it may be is the domain's to say. */
export const Units = z
  .number()
  .min(0)
  .max(Quantity.toUnits(QUANTITY_MAX))
  .meta({ description: "In the item's unit, to the thousandth", example: 2.5 });

/** Where the next page is, of what the page was filtered by. */
export function filteredLink<Filter extends string>(
  path: string,
  page: { readonly next: string | null },
  query: PageQuery & { readonly [F in Filter]?: string | undefined },
  filter: Filter,
): Readonly<Record<string, string>> {
  const value = query[filter];
  const { link } = nextLink(path, page, query);
  return link === undefined ? {} : { link: value === undefined ? link : link.replace('?', `?${filter}=${value}&`) };
}
