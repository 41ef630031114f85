import { z } from 'zod';
import type { ImportMenu } from '#application/catalogue/import-menu.ts';
import type { Catalogue } from '#application/catalogue/module.ts';
import { CATEGORIES_MAX } from '#domain/catalogue/category.ts';
import { IMPORT_ERRORS_MAX, IMPORT_ROWS_MAX, type ImportRow, type RowFault } from '#domain/catalogue/import-row.ts';
import { readLooseRow } from '#domain/catalogue/loose-row.ts';
import { DESCRIPTION_MAX } from '#domain/catalogue/menu-item.ts';
import { POSITION_MAX } from '#domain/catalogue/name.ts';
import { err } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Amount, Name, RestaurantParams, Text, Windows } from '../schemas.ts';
import { readCsvMenu } from './csv-menu.ts';
import { CSV_EXAMPLE, IMPORT_EXAMPLE } from './examples.ts';
import { WRITE_MENU } from './inputs.ts';
import { CATALOGUE_PROBLEMS, pointedFaults } from './problems.ts';
import { Allergens, Diet, ImportView, Tags } from './views.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;

/** What a row should be: for the documentation. It is judged with all the others, so that every fault is told at once. */
const Row = z.strictObject({
  category: Name,
  name: Name,
  description: Text(DESCRIPTION_MAX).default(''),
  price: Amount,
  taxClass: z.string().max(40).default(''),
  diet: Diet.nullable().default(null),
  tags: Tags.default([]),
  allergens: Allergens.default([]),
  available: z.boolean().default(true),
});
const { $schema: _, ...ROW_SHAPE } = z.toJSONSchema(Row, { io: 'input' });
const LooseRow = z.unknown().meta(ROW_SHAPE);
const CategoryRow = z
  .strictObject({ name: Name, position: z.int().min(0).max(POSITION_MAX).optional(), hours: Windows.nullable().default(null) })
  .transform(({ position, ...category }) => ({ ...category, position }));
const ImportBody = z.strictObject({
  categories: z.array(CategoryRow).max(CATEGORIES_MAX).default([]),
  items: z.array(LooseRow).max(IMPORT_ROWS_MAX),
});

function fromJson({ categories, items }: z.output<typeof ImportBody>): Omit<ImportMenu, 'restaurantId'> {
  const rows: ImportRow[] = [];
  const faults: RowFault[] = [];
  for (const [index, item] of items.entries()) {
    const read = readLooseRow(item, index + 1);
    if ('why' in read) faults.push(read);
    else rows.push(read);
  }
  return { categories, rows, faults };
}

export const importRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/menu/import',
    operationId: 'importMenu',
    tag: 'Menu',
    summary: 'Bring in a menu from JSON or from a spreadsheet',
    description:
      `The whole file or nothing of it, at most ${IMPORT_ROWS_MAX} items. Every fault is told, up to ${IMPORT_ERRORS_MAX} at once, with its row (in CSV the header is row 1, in JSON the first of items) and field. ` +
      'Items that are on the menu already, by category, name and price, stay as they are, so sending a file again does no harm. ' +
      'CSV has commas and a header row: category, name and price, and if wanted description, taxClass, diet, tags, allergens (several in a cell with ;) and available (yes or no). ' +
      'Its prices are in major units, as 129.00; in JSON they are minor units.',
    access: WRITE_MENU,
    limiter: 'upload',
    params: RestaurantParams,
    body: ImportBody,
    text: { type: 'text/csv', example: CSV_EXAMPLE },
    bodyLimit: BODY_BYTES_MAX,
    status: 200,
    response: ImportView,
    example: { body: IMPORT_EXAMPLE, response: { created: 1, unchanged: 0, categoriesCreated: 1 } },
    problems: pick(
      CATALOGUE_PROBLEMS,
      'catalogue.restaurant_not_found',
      'catalogue.menu_full',
      'catalogue.import_too_large',
      'catalogue.import_refused',
    ),
    async handle({ params: { restaurantId }, body, text }, { actor }) {
      const read = text === undefined ? fromJson(body) : readCsvMenu(text);
      if (read === 'too_large') return err({ code: 'catalogue.import_too_large', limit: IMPORT_ROWS_MAX });
      const imported = await catalogue.importMenu({ restaurantId, categories: [], ...read }, actor);
      if (imported.ok || imported.error.code !== 'catalogue.import_refused') return imported;
      return err(pointedFaults(imported.error, text === undefined ? 'json' : 'csv'));
    },
  }),
];
