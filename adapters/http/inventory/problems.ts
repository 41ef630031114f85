import type { InventoryError } from '#domain/inventory/errors.ts';
import type { Problems } from '../problem.ts';

export const INVENTORY_PROBLEMS: Problems<InventoryError> = {
  'inventory.stock_item_not_found': {
    status: 404,
    title: 'There is no such stock item',
    detail: ({ stockItemId }) =>
      `Nothing called ${stockItemId} is stocked where you may change stock. GET the stock items of the restaurant to see what is.`,
  },
  'inventory.name_taken': {
    status: 409,
    title: 'The name is taken',
    detail: ({ name }) => `The restaurant already stocks ${name}. Use that one, or another name.`,
  },
  'inventory.changed_meanwhile': {
    status: 412,
    title: 'It has changed since you read it',
    detail: ({ version }) => `It is at version ${version} now. Read it again, and send its ETag in If-Match.`,
  },
  'inventory.quantity_malformed': {
    status: 422,
    title: 'The quantity cannot be used',
    detail: ({ quantity }) =>
      `${quantity} is not a quantity: give it in the item's unit, with at most three decimals, up to a million, and above zero where something moves.`,
  },
  'inventory.already_expired': {
    status: 422,
    title: 'The goods have expired already',
    detail: 'What has expired is not received. Check the date, or refuse the delivery.',
  },
  'inventory.too_many_batches': {
    status: 409,
    title: 'Too many batches of one item',
    detail: ({ limit }) => `An item has at most ${limit} batches in stock. Count or waste the old ones first.`,
  },
  'inventory.too_much_stock': {
    status: 422,
    title: 'That is more than can be in stock',
    detail: ({ limit, unit }) => `At most ${limit} ${unit} of one item can be on hand. Check the unit.`,
  },
  'inventory.batch_not_found': {
    status: 404,
    title: 'There is no such batch of the item',
    detail: 'GET the stock levels to see its batches; without a batch, all of them are meant.',
  },
  'inventory.not_on_shelf': {
    status: 409,
    title: 'There is not that much on the shelf',
    detail: ({ name, unit, needed, available }) =>
      `Nothing was moved. ${needed} ${unit} of ${name} are wanted and ${available} ${unit} are free; what is held for orders stays with them. Take less, or count the stock.`,
  },
  'inventory.count_below_held': {
    status: 409,
    title: 'Orders hold more than was counted',
    detail: ({ name, unit, counted, held }) =>
      `${counted} ${unit} of ${name} were counted and ${held} ${unit} are held for orders. Count again, or cancel orders that cannot be made.`,
  },
  'inventory.units_differ': {
    status: 422,
    title: 'The two items have different units',
    detail: ({ unit, toUnit }) => `One is kept in ${unit}, the other in ${toUnit}. Waste it here and receive it there, each in its own unit.`,
  },
  'inventory.transfer_to_itself': { status: 422, title: 'It is there already', detail: 'Name another item, of this restaurant or of another.' },
  'inventory.sellable_not_found': {
    status: 404,
    title: 'There is no such item or option on the menu',
    detail: 'GET the menu of the restaurant for the ids of its items and options.',
  },
  'inventory.recipe_not_found': { status: 404, title: 'It has no recipe', detail: 'PUT one; until then it takes nothing from the shelf.' },
  'inventory.recipe_malformed': {
    status: 422,
    title: 'The recipe cannot be used',
    detail: ({ index, reason }) =>
      reason === 'duplicate'
        ? `Line ${index} names an ingredient that stands above it. Add the two up.`
        : `Line ${index} needs a quantity above zero; leave the line out instead.`,
  },
  'inventory.recipe_too_long': { status: 422, title: 'The recipe is too long', detail: ({ limit }) => `A recipe has at most ${limit} ingredients.` },
  'inventory.idempotency_key_reused': {
    status: 422,
    title: 'That key was used for another entry',
    detail: 'Send a new Idempotency-Key with a new entry; repeat one only with the same body.',
  },
  'inventory.request_in_progress': {
    status: 409,
    title: 'The same entry is being made right now',
    detail: 'Wait a moment and send it again with the same key: it will answer what came of it.',
  },
};
