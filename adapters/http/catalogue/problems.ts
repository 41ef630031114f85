import type { CatalogueError, CatalogueErrorOf } from '#domain/catalogue/errors.ts';
import type { RowFault } from '#domain/catalogue/import-row.ts';
import type { MenuItemFault } from '#domain/catalogue/menu-item.ts';
import type { GroupFault } from '#domain/catalogue/modifier-group.ts';
import type { FieldError, Problems } from '../problem.ts';

const ITEM_FAULTS: Readonly<Record<MenuItemFault['why'], string>> = {
  missing: 'is missing',
  malformed: 'has characters it cannot have',
  too_long: 'is too long',
  out_of_range: 'is out of range',
  unknown: 'has a value that is not on the list',
  duplicate: 'has a value twice',
};

const GROUP_FAULTS: Readonly<Record<GroupFault, string>> = {
  min_out_of_range: '`min` needs a whole number of 0 or more',
  max_out_of_range: '`max` needs a whole number of 1 or more',
  min_above_max: '`min` may not be above `max`',
  max_out_of_reach: '`max` may not be more than the `max` of all its options together',
  no_options: 'it needs at least one option',
  too_many_options: 'it may have at most 100 options',
  option_name_malformed: 'it needs a name of 1 to 120 characters on one line',
  option_price_out_of_range: 'its price needs whole minor units of 0 or more',
  option_max_out_of_range: 'its `max` needs a whole number from 1 to 99',
  option_duplicate: 'another option has its name or its id',
};

const ROW_FAULTS: Readonly<Record<RowFault['why'], string>> = {
  missing: 'is missing',
  too_long: 'is too long',
  malformed: 'cannot be used',
  not_a_price: 'is no price: write 129 or 129.50 without a currency sign, with no more decimals than the currency has (in JSON, whole minor units)',
  out_of_range: 'is out of range',
  unknown: 'is not known',
  duplicate: 'stands twice: category, name and price together must be unique',
  not_yes_or_no: 'is neither yes nor no',
  missing_column: 'has no column in the header',
  unknown_column: 'is a column that is not known',
  duplicate_column: 'has two columns in the header',
  no_header: 'is missing or not in this form: the first row of the CSV names its columns, separated by commas, among them category, name and price',
  too_few_cells: 'has fewer cells than the header: write the commas of empty cells too',
  too_many_cells: 'has more cells than the header: put a text that has commas in quotes',
  unreadable: 'cannot be read: a quote is open or out of place',
  not_an_object: 'is no object with the fields of an item',
  unknown_field: 'is a field that is not known',
  not_text: 'is no text',
  not_a_list: 'is no list of texts',
};

/** The documentation asks with names of facts for which there are no words. */
const wordsOf = <K extends string>(words: Readonly<Record<K, string>>, why: K): string => words[why] ?? why;

const rowFault = ({ row, field, why, value, known, firstRow }: RowFault): string => {
  const written = value === undefined ? '' : ` ("${value}")`;
  const instead = known === undefined ? '' : `; known are ${known.join(', ')}`;
  return `row ${row}: ${field}${written} ${wordsOf(ROW_FAULTS, why)}${instead}${firstRow === undefined ? '' : `, first in row ${firstRow}`}`;
};

type Refused = CatalogueErrorOf<'catalogue.import_refused'>;
/** Faults of rows, with what every other list of errors says too. JSON is counted from 0 by its pointers, a spreadsheet by its rows. */
export const pointedFaults = (refused: Refused, format: 'json' | 'csv') => ({
  ...refused,
  errors: refused.errors.map((fault): RowFault & FieldError => ({
    ...fault,
    pointer: format === 'csv' ? `/rows/${fault.row}${cellOf(fault)}` : jsonPointer(fault),
    code: fault.why,
    message: `${sentence(rowFault(fault))}.`,
  })),
});

const jsonPointer = (fault: RowFault): string =>
  fault.field === 'categories' ? `/categories/${fault.row - 1}` : `/items/${fault.row - 1}${cellOf(fault)}`;
const cellOf = ({ field }: RowFault): string =>
  field === 'row' || field === 'header' ? '' : `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const CATALOGUE_PROBLEMS: Problems<CatalogueError> = {
  'catalogue.restaurant_not_found': { status: 404, title: 'There is no such restaurant', detail: 'Check the id; GET /restaurants lists them.' },
  'catalogue.category_not_found': {
    status: 404,
    title: 'The menu has no such category',
    detail: 'Check the id; GET /restaurants/{restaurantId}/menu lists them.',
  },
  'catalogue.item_not_found': {
    status: 404,
    title: 'The menu has no such item',
    detail: 'Check the id; GET /restaurants/{restaurantId}/menu lists them.',
  },
  'catalogue.modifier_group_not_found': {
    status: 404,
    title: 'The menu has no such modifier group',
    detail: ({ groupIds }) => `Not found: ${groupIds.join(', ')}. GET /restaurants/{restaurantId}/menu/modifier-groups lists them.`,
  },
  'catalogue.option_not_found': {
    status: 404,
    title: 'The modifier group has no such option',
    detail:
      'Check the id; GET /restaurants/{restaurantId}/menu/modifier-groups lists them. In a change of the group, leave the id out of a new option.',
  },
  'catalogue.changed_meanwhile': {
    status: 412,
    title: 'It has changed since you read it',
    detail: ({ version }) => `It is at version ${version} now. Read it again, and send its version in If-Match.`,
  },
  'catalogue.menu_full': {
    status: 409,
    title: 'The menu is full',
    detail: ({ kind, limit }) => `A menu has at most ${limit} ${kind.replace('_', ' ')}. Take off what is not offered any more.`,
  },
  'catalogue.name_malformed': { status: 422, title: 'The name cannot be used', detail: ({ limit }) => `Use 1 to ${limit} characters on one line.` },
  'catalogue.position_malformed': {
    status: 422,
    title: 'The position cannot be used',
    detail: ({ limit }) => `Use a whole number from 0 to ${limit}.`,
  },
  'catalogue.hours_malformed': {
    status: 422,
    title: 'The hours cannot be read',
    detail: ({ index }) =>
      `Window ${index} needs a day from 1 (Monday) to 7, and times as HH:MM; 24:00 is the end of a day and no beginning, and 70 windows are the most.`,
  },
  'catalogue.category_name_taken': {
    status: 409,
    title: 'Another category has that name',
    detail: ({ name, categoryId }) => `${name} is category ${categoryId}. Choose another name, or use that category.`,
  },
  'catalogue.category_not_empty': {
    status: 409,
    title: 'The category still has items',
    detail: ({ items }) => `It has ${items} ${items === 1 ? 'item' : 'items'}. Move them to another category or delete them first.`,
  },
  'catalogue.item_malformed': {
    status: 422,
    title: 'The item cannot be kept like this',
    detail: ({ field, why }) => `\`${field}\` ${wordsOf(ITEM_FAULTS, why)}.`,
  },
  'catalogue.tax_class_unknown': {
    status: 422,
    title: 'The restaurant has no rule for that tax class',
    detail: ({ known }) => `Use ${[...known, 'none'].join(' or ')}, or add a rule to the restaurant with PATCH /restaurants/{restaurantId}.`,
  },
  'catalogue.quantity_malformed': {
    status: 422,
    title: 'That is no number of portions',
    detail: ({ limit }) => `With the state \`quantity\` send a whole number from 0 to ${limit}; with the others send none.`,
  },
  'catalogue.modifier_group_malformed': {
    status: 422,
    title: 'The modifier group cannot be used',
    detail: ({ reason, index }) => `${index === null ? 'The group' : `Option ${index}`}: ${wordsOf(GROUP_FAULTS, reason)}.`,
  },
  'catalogue.modifier_group_in_use': {
    status: 409,
    title: 'Items still have the modifier group',
    detail: ({ count, items }) =>
      `${count} ${count === 1 ? 'item has' : 'items have'} it: ${items.map(({ name }) => name).join(', ')}${count > items.length ? ' and more' : ''}. Take it off them first.`,
  },
  'catalogue.import_too_large': {
    status: 413,
    title: 'The menu is too long for one import',
    detail: ({ limit }) => `Bring in at most ${limit} items at a time.`,
  },
  'catalogue.import_refused': {
    status: 422,
    title: 'The menu cannot be brought in',
    detail: ({ count, errors }) =>
      `Nothing was changed. ${count} ${count === 1 ? 'fault' : 'faults'}, ${errors.length < count ? `the first ${errors.length} are` : 'all'} in \`errors\`; correct them and send it again. The first: ${errors.slice(0, 1).map(rowFault).join('')}.`,
  },
};
