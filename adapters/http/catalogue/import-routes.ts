import { z } from 'zod';
import type { ImportMenu } from '#application/catalogue/import-menu.ts';
import type { Catalogue } from '#application/catalogue/module.ts';
import { CATEGORIES_MAX } from '#domain/catalogue/category.ts';
import { IMPORT_ROWS_MAX } from '#domain/catalogue/import-row.ts';
import { POSITION_MAX } from '#domain/catalogue/name.ts';
import { err } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Name, RestaurantParams, Windows } from '../schemas.ts';
import { readCsvMenu } from './csv-menu.ts';
import { CSV_EXAMPLE, IMPORT_EXAMPLE } from './examples.ts';
import { WRITE_MENU } from './inputs.ts';
import { CATALOGUE_PROBLEMS } from './problems.ts';
import { ImportView } from './views.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;

// Bounds only: what a row says is judged with all the others, so that every fault is told at once.
const Cell = z.string().max(10_000);
const Labels = z.array(z.string().max(60)).max(50);
const Row = z.strictObject({
  category: Cell.default(''),
  name: Cell.default(''),
  description: Cell.default(''),
  price: z
    .number()
    .nullish()
    .transform((price) => price ?? ''),
  taxClass: Cell.default(''),
  diet: Cell.nullish().transform((diet) => diet ?? ''),
  tags: Labels.default([]),
  allergens: Labels.default([]),
  available: z.boolean().default(true),
});
const CategoryRow = z
  .strictObject({ name: Name, position: z.int().min(0).max(POSITION_MAX).optional(), hours: Windows.nullable().default(null) })
  .transform(({ position, ...category }) => ({ ...category, position }));
const ImportBody = z.strictObject({ categories: z.array(CategoryRow).max(CATEGORIES_MAX).default([]), items: z.array(Row).max(IMPORT_ROWS_MAX) });

const fromJson = ({ categories, items }: z.output<typeof ImportBody>): Omit<ImportMenu, 'restaurantId'> => ({
  categories,
  rows: items.map((item, index) => ({ ...item, row: index + 1 })),
  faults: [],
});

export const importRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/menu/import',
    operationId: 'importMenu',
    tag: 'Menu',
    summary: 'Bring in a menu from JSON or from a spreadsheet',
    description:
      `The whole file or nothing of it, at most ${IMPORT_ROWS_MAX} items. Every fault is told with its row (in CSV the header is row 1) and field. ` +
      'Items that are on the menu already, by category, name and price, stay as they are, so sending a file again does no harm. ' +
      'CSV has commas and a header row: category, name and price, and if wanted description, taxClass, diet, tags, allergens (several in a cell with ;) and available (yes or no). ' +
      'Its prices are in major units, as 129.00; in JSON they are minor units.',
    access: WRITE_MENU,
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
      if (text === undefined) return catalogue.importMenu({ restaurantId, ...fromJson(body) }, actor);
      const read = readCsvMenu(text);
      if (read === 'too_large') return err({ code: 'catalogue.import_too_large', limit: IMPORT_ROWS_MAX });
      return catalogue.importMenu({ restaurantId, categories: [], ...read }, actor);
    },
  }),
];
