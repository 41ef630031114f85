import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CatalogueErrorOf } from './errors.ts';
import type { ModifierGroupEvent } from './events.ts';
import { isName, NAME_MAX, nameKey } from './name.ts';

export const MODIFIER_GROUPS_MAX = 1_000;
export const OPTIONS_MAX = 100;
export const OPTION_MAX_MAX = 99;

export type ModifierOption = {
  readonly id: string;
  readonly name: string;
  /** Added to the price of the item, each time the option is taken. */
  readonly price: Minor;
  /** Said by hand. */
  readonly isOutOfStock: boolean;
  /** How often it may be taken for one portion. */
  readonly max: number;
};

export type ModifierGroupFacts = {
  readonly name: string;
  /** How many options one portion takes, counted with their quantities: 0 is optional, 1 or more required. */
  readonly min: number;
  readonly max: number;
  readonly options: readonly ModifierOption[];
};

/** A choice that comes with an item: its bread, its size, its extras. */
export type ModifierGroup = ModifierGroupFacts & {
  readonly id: string;
  readonly restaurantId: string;
  readonly isArchived: boolean;
  readonly version: number;
};

/** An option as it is asked for: without an id it is a new one, and gets `newId`. */
export type OptionDraft = {
  readonly id: string | undefined;
  readonly newId: string;
  readonly name: string;
  readonly price: Minor;
  readonly max: number;
  /** Undefined leaves it as it is, and a new one in stock. */
  readonly isOutOfStock: boolean | undefined;
};
export type GroupDraft = Omit<ModifierGroupFacts, 'options'> & { readonly options: readonly OptionDraft[] };

export type GroupFault =
  | 'min_out_of_range'
  | 'max_out_of_range'
  | 'min_above_max'
  | 'max_out_of_reach'
  | 'no_options'
  | 'too_many_options'
  | 'option_name_malformed'
  | 'option_price_out_of_range'
  | 'option_max_out_of_range'
  | 'option_duplicate';

type FactsError = CatalogueErrorOf<'catalogue.name_malformed' | 'catalogue.modifier_group_malformed'>;
type OptionNotFound = CatalogueErrorOf<'catalogue.option_not_found'>;
type Changed<E> = Result<Change<ModifierGroup, ModifierGroupEvent>, E>;

function add(id: string, restaurantId: string, draft: GroupDraft, at: number): Changed<FactsError | OptionNotFound> {
  const options = optionsOf(draft.options, []);
  if (!options.ok) return options;
  const state: ModifierGroup = { ...draft, options: options.value, id, restaurantId, isArchived: false, version: 0 };
  const fault = faultOf(state);
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'catalogue.modifier_group_added', restaurantId, groupId: id, group: factsOf(state), at }] });
}

/** Options that are given replace those there are; an option keeps its identity by its id. */
function change(
  group: ModifierGroup,
  { options: drafts, ...changes }: Partial<GroupDraft>,
  expected: number | undefined,
  at: number,
): Changed<FactsError | OptionNotFound | CatalogueErrorOf<'catalogue.changed_meanwhile'>> {
  const { id: groupId, restaurantId, version } = group;
  if (expected !== undefined && expected !== version) return err({ code: 'catalogue.changed_meanwhile', version });
  const options = drafts ? optionsOf(drafts, group.options) : ok(group.options);
  if (!options.ok) return options;
  const state: ModifierGroup = { ...group, ...changes, options: options.value };
  const fault = faultOf(state);
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'catalogue.modifier_group_changed', restaurantId, groupId, group: factsOf(state), at }] });
}

function setOptionAvailability(group: ModifierGroup, optionId: string, isOutOfStock: boolean, at: number): Changed<OptionNotFound> {
  const { id: groupId, restaurantId } = group;
  if (!group.options.some(({ id }) => id === optionId)) return err({ code: 'catalogue.option_not_found', optionId });
  const options = group.options.map((option) => (option.id === optionId ? { ...option, isOutOfStock } : option));
  return ok({
    state: { ...group, options },
    events: [{ type: 'catalogue.option_availability_set', restaurantId, groupId, optionId, isOutOfStock, at }],
  });
}

/** The live items that have a group: how many, and the first of them. */
export type GroupUse = Pick<CatalogueErrorOf<'catalogue.modifier_group_in_use'>, 'count' | 'items'>;

function archive(group: ModifierGroup, { count, items }: GroupUse, at: number): Changed<CatalogueErrorOf<'catalogue.modifier_group_in_use'>> {
  const { id: groupId, restaurantId } = group;
  if (count > 0) return err({ code: 'catalogue.modifier_group_in_use', groupId, count, items });
  return ok({ state: { ...group, isArchived: true }, events: [{ type: 'catalogue.modifier_group_archived', restaurantId, groupId, at }] });
}

function optionsOf(drafts: readonly OptionDraft[], before: readonly ModifierOption[]): Result<readonly ModifierOption[], OptionNotFound> {
  const known = new Map(before.map((option) => [option.id, option]));
  const options: ModifierOption[] = [];
  for (const { id, newId, isOutOfStock, ...facts } of drafts) {
    const old = id === undefined ? undefined : known.get(id);
    if (id !== undefined && !old) return err({ code: 'catalogue.option_not_found', optionId: id });
    options.push({ ...facts, id: id ?? newId, isOutOfStock: isOutOfStock ?? old?.isOutOfStock ?? false });
  }
  return ok(options);
}

const factsOf = ({ name, min, max, options }: ModifierGroup): ModifierGroupFacts => ({ name, min, max, options });
const isWhole = (n: number, from: number, to: number): boolean => Number.isSafeInteger(n) && n >= from && n <= to;
const malformed = (reason: GroupFault, index: number | null = null): FactsError => ({ code: 'catalogue.modifier_group_malformed', reason, index });

function faultOf({ name, min, max, options }: ModifierGroupFacts): FactsError | undefined {
  if (!isName(name)) return { code: 'catalogue.name_malformed', limit: NAME_MAX };
  if (options.length === 0) return malformed('no_options');
  if (options.length > OPTIONS_MAX) return malformed('too_many_options');
  const optionFault = optionFaultOf(options);
  if (optionFault) return optionFault;
  const reach = options.reduce((sum, option) => sum + option.max, 0);
  if (!isWhole(min, 0, OPTIONS_MAX * OPTION_MAX_MAX)) return malformed('min_out_of_range');
  if (!isWhole(max, 1, OPTIONS_MAX * OPTION_MAX_MAX)) return malformed('max_out_of_range');
  if (min > max) return malformed('min_above_max');
  return max > reach ? malformed('max_out_of_reach') : undefined;
}

function optionFaultOf(options: readonly ModifierOption[]): FactsError | undefined {
  const names = new Set<string>();
  const ids = new Set<string>();
  for (const [index, { id, name, price, max }] of options.entries()) {
    if (!isName(name)) return malformed('option_name_malformed', index);
    if (!Money.parse(price).ok) return malformed('option_price_out_of_range', index);
    if (!isWhole(max, 1, OPTION_MAX_MAX)) return malformed('option_max_out_of_range', index);
    if (names.has(nameKey(name)) || ids.has(id)) return malformed('option_duplicate', index);
    names.add(nameKey(name));
    ids.add(id);
  }
  return undefined;
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(group: ModifierGroup): ModifierGroup {
  invariant(faultOf(group) === undefined, `modifier group ${group.id} has facts no rule allows`);
  return group;
}

export const ModifierGroup = { add, change, setOptionAvailability, archive, check };
