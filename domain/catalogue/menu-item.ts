import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { parseWeeklyHours, type WeeklyHours } from '../shared/weekly-hours.ts';
import type { CatalogueErrorOf } from './errors.ts';
import type { MenuItemEvent } from './events.ts';
import { ALLERGENS, type Allergen, DIETS, type Diet, ITEM_TAGS, type ItemTag } from './labels.ts';
import { isName, isPosition, NAME_MAX } from './name.ts';

export const ITEMS_MAX = 10_000;
export const DESCRIPTION_MAX = 2_000;
export const ITEM_GROUPS_MAX = 20;
export const COUNTDOWN_MAX = 10_000;
/** What an item that is not taxed may say of its tax class. */
export const UNTAXED: readonly string[] = ['', 'none'];

export const AVAILABILITY_STATES = ['in_stock', 'quantity', 'out_of_stock'] as const;
export type AvailabilityState = (typeof AVAILABILITY_STATES)[number];
/** What people said of the item last. With `quantity` its portions are counted down, by inventory. */
export type Availability = { readonly state: AvailabilityState };

export type MenuItemFacts = {
  readonly categoryId: string;
  readonly name: string;
  readonly description: string;
  readonly price: Minor;
  readonly taxClass: string;
  /** Null when the restaurant does not say. */
  readonly diet: Diet | null;
  readonly tags: readonly ItemTag[];
  readonly allergens: readonly Allergen[];
  /** When it can be had, within the hours of its category; null is always. */
  readonly hours: WeeklyHours | null;
  /** Its modifier groups, in the order they are asked. */
  readonly groupIds: readonly string[];
  readonly position: number;
};

/** Something a guest can order. */
export type MenuItem = MenuItemFacts & {
  readonly id: string;
  readonly restaurantId: string;
  readonly availability: Availability;
  readonly isArchived: boolean;
  readonly version: number;
};

/** What cannot be used, and why. */
export type MenuItemFault = {
  readonly field: 'name' | 'description' | 'price' | 'diet' | 'tags' | 'allergens' | 'groupIds' | 'position';
  readonly why: 'missing' | 'malformed' | 'too_long' | 'out_of_range' | 'unknown' | 'duplicate';
};
type FactsError = CatalogueErrorOf<'catalogue.item_malformed' | 'catalogue.hours_malformed' | 'catalogue.tax_class_unknown'>;
type Changed<E> = Result<Change<MenuItem, MenuItemEvent>, E>;

type NewItem = { readonly id: string; readonly restaurantId: string; readonly facts: MenuItemFacts; readonly availability?: Availability };

/** `taxClasses` are those the restaurant has rules for. */
function add(
  { id, restaurantId, facts, availability = { state: 'in_stock' } }: NewItem,
  taxClasses: readonly string[],
  at: number,
): Changed<FactsError> {
  const fault = faultOf(facts) ?? taxFaultOf(facts.taxClass, taxClasses);
  if (fault) return err(fault);
  const state: MenuItem = { ...facts, id, restaurantId, availability, isArchived: false, version: 0 };
  return ok({ state, events: [{ type: 'catalogue.item_added', restaurantId, itemId: id, item: factsOf(state), availability, at }] });
}

/** `expected` is the version the caller has seen; undefined when they do not care. */
function change(
  item: MenuItem,
  changes: Partial<MenuItemFacts>,
  taxClasses: readonly string[],
  expected: number | undefined,
  at: number,
): Changed<FactsError | CatalogueErrorOf<'catalogue.changed_meanwhile'>> {
  const { id: itemId, restaurantId, version } = item;
  if (expected !== undefined && expected !== version) return err({ code: 'catalogue.changed_meanwhile', version });
  const state: MenuItem = { ...item, ...changes };
  // A class the restaurant has dropped since must not stand in the way of correcting a typo.
  const fault = faultOf(state) ?? (changes.taxClass === undefined ? undefined : taxFaultOf(changes.taxClass, taxClasses));
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'catalogue.item_changed', restaurantId, itemId, item: factsOf(state), at }] });
}

/** `quantity` is how many portions there are to sell: a number with the state `quantity`, and null with the others. */
function setAvailability(
  item: MenuItem,
  state: AvailabilityState,
  quantity: number | null,
  at: number,
): Changed<CatalogueErrorOf<'catalogue.quantity_malformed'>> {
  const isCounted = quantity !== null && Number.isSafeInteger(quantity) && quantity >= 0 && quantity <= COUNTDOWN_MAX;
  if (state === 'quantity' ? !isCounted : quantity !== null) return err({ code: 'catalogue.quantity_malformed', limit: COUNTDOWN_MAX });
  const { id: itemId, restaurantId } = item;
  const availability: Availability = { state };
  return ok({
    state: { ...item, availability },
    events: [{ type: 'catalogue.item_availability_set', restaurantId, itemId, availability, quantity, at }],
  });
}

/** Takes it off the menu for good; orders that have it keep it. */
function archive(item: MenuItem, at: number): Change<MenuItem, MenuItemEvent> {
  const { id: itemId, restaurantId } = item;
  return { state: { ...item, isArchived: true }, events: [{ type: 'catalogue.item_archived', restaurantId, itemId, at }] };
}

const factsOf = ({
  id: _id,
  restaurantId: _restaurantId,
  availability: _availability,
  isArchived: _isArchived,
  version: _version,
  ...facts
}: MenuItem): MenuItemFacts => facts;

const malformed = (field: MenuItemFault['field'], why: MenuItemFault['why']): FactsError => ({ code: 'catalogue.item_malformed', field, why });

function faultOf({ name, description, price, diet, tags, allergens, hours, groupIds, position }: MenuItemFacts): FactsError | undefined {
  const nameFault = nameFaultOf(name);
  if (nameFault) return malformed('name', nameFault);
  if (description.length > DESCRIPTION_MAX) return malformed('description', 'too_long');
  if (description.includes('\0')) return malformed('description', 'malformed');
  if (!Money.parse(price).ok) return malformed('price', 'out_of_range');
  if (diet !== null && !DIETS.includes(diet)) return malformed('diet', 'unknown');
  const tagFault = listFaultOf(tags, ITEM_TAGS);
  if (tagFault) return malformed('tags', tagFault);
  const allergenFault = listFaultOf(allergens, ALLERGENS);
  if (allergenFault) return malformed('allergens', allergenFault);
  if (groupIds.length > ITEM_GROUPS_MAX) return malformed('groupIds', 'too_long');
  if (new Set(groupIds).size < groupIds.length) return malformed('groupIds', 'duplicate');
  if (!isPosition(position)) return malformed('position', 'out_of_range');
  const parsed = parseWeeklyHours(hours ?? []);
  return parsed.ok ? undefined : { code: 'catalogue.hours_malformed', index: parsed.error.index };
}

function nameFaultOf(name: string): MenuItemFault['why'] | undefined {
  if (name.trim() === '') return 'missing';
  if (name.length > NAME_MAX) return 'too_long';
  return isName(name) ? undefined : 'malformed';
}

function listFaultOf<T extends string>(given: readonly T[], known: readonly T[]): 'unknown' | 'duplicate' | undefined {
  if (!given.every((label) => known.includes(label))) return 'unknown';
  return new Set(given).size < given.length ? 'duplicate' : undefined;
}

const isTaxClass = (taxClass: string, known: readonly string[]): boolean => UNTAXED.includes(taxClass) || known.includes(taxClass);

const taxFaultOf = (taxClass: string, known: readonly string[]): FactsError | undefined =>
  isTaxClass(taxClass, known) ? undefined : { code: 'catalogue.tax_class_unknown', taxClass, known };

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(item: MenuItem): MenuItem {
  invariant(faultOf(item) === undefined, `menu item ${item.id} has facts no rule allows`);
  invariant(AVAILABILITY_STATES.includes(item.availability.state), `menu item ${item.id} is ${item.availability.state}`);
  return item;
}

export const MenuItem = { add, change, setAvailability, archive, isTaxClass, check };
