import type { Change } from '../shared/change.ts';
import type { DiningOption } from '../shared/dining.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { TaxComponent } from '../shared/tax.ts';
import { isTimeZone, parseWeeklyHours, type WeeklyHours } from '../shared/weekly-hours.ts';
import type { PartnersErrorOf } from './errors.ts';
import type { PartnersEvent } from './events.ts';

/** What a tax class costs; a rule for one dining option goes before the rule for all. */
export type TaxRule = { readonly taxClass: string; readonly diningOption?: DiningOption | undefined; readonly components: readonly TaxComponent[] };

export type RestaurantSettings = {
  readonly name: string;
  /** ISO 4217. Every amount of the restaurant is in its minor units. */
  readonly currency: string;
  /** IANA. Opening hours, menus and business days are read by its wall clock. */
  readonly timeZone: string;
  readonly openingHours: WeeklyHours;
  /** When the trading day turns, `HH:MM`: a bar's Friday may end at 04:00 on Saturday. */
  readonly businessDayStartsAt: string;
  readonly diningOptions: readonly DiningOption[];
  readonly pricesIncludeTax: boolean;
  readonly taxRules: readonly TaxRule[];
  /** Cash totals are rounded to a multiple of this many minor units; 1 leaves them as they are. */
  readonly cashRounding: number;
  /** Off: the restaurant takes no orders for now, whatever its hours. */
  readonly isAcceptingOrders: boolean;
};

export type Restaurant = RestaurantSettings & { readonly id: string; readonly openedAt: number; readonly version: number };

type SettingsError = PartnersErrorOf<
  'partners.time_zone_unknown' | 'partners.currency_unknown' | 'partners.opening_hours_malformed' | 'partners.tax_rule_malformed'
>;
type Changed<E> = Result<Change<Restaurant, PartnersEvent>, E>;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

function open(id: string, settings: RestaurantSettings, at: number): Changed<SettingsError> {
  const fault = faultOf(settings);
  if (fault) return err(fault);
  const state: Restaurant = { ...settings, id, openedAt: at, version: 0 };
  return ok({ state, events: [{ type: 'partners.restaurant_opened', restaurantId: id, settings, at }] });
}

/** `expected` is the version the caller has seen; undefined when they do not care. */
function change(
  restaurant: Restaurant,
  changes: Partial<RestaurantSettings>,
  expected: number | undefined,
  at: number,
): Changed<SettingsError | PartnersErrorOf<'partners.changed_meanwhile'>> {
  const { id: restaurantId, version } = restaurant;
  if (expected !== undefined && expected !== version) return err({ code: 'partners.changed_meanwhile', version });
  const state: Restaurant = { ...restaurant, ...changes };
  const fault = faultOf(state);
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'partners.restaurant_changed', restaurantId, settings: settingsOf(state), at }] });
}

function settingsOf({ id: _id, openedAt: _openedAt, version: _version, ...settings }: Restaurant): RestaurantSettings {
  return settings;
}

function faultOf({ timeZone, currency, openingHours, taxRules }: RestaurantSettings): SettingsError | undefined {
  if (!isTimeZone(timeZone)) return { code: 'partners.time_zone_unknown', timeZone };
  if (!CURRENCIES.has(currency)) return { code: 'partners.currency_unknown', currency };
  const hours = parseWeeklyHours(openingHours);
  if (!hours.ok) return { code: 'partners.opening_hours_malformed', index: hours.error.index };
  return taxFaultOf(taxRules);
}

function taxFaultOf(rules: readonly TaxRule[]): PartnersErrorOf<'partners.tax_rule_malformed'> | undefined {
  const seen = new Set<string>();
  for (const [index, { taxClass, diningOption, components }] of rules.entries()) {
    const key = `${taxClass}/${diningOption ?? ''}`;
    if (seen.has(key)) return { code: 'partners.tax_rule_malformed', index, reason: 'duplicate' };
    seen.add(key);
    if (!components.every(({ percent }) => isPercent(percent))) return { code: 'partners.tax_rule_malformed', index, reason: 'rate' };
  }
  return undefined;
}

const isPercent = (percent: number): boolean => percent >= 0 && percent <= 100 && Number.isInteger(Math.round(percent * 1e6) / 1e3);

/** The rule an item of this class falls under, or undefined when the restaurant does not tax it. */
const taxRuleFor = ({ taxRules }: Pick<RestaurantSettings, 'taxRules'>, taxClass: string, diningOption: DiningOption): TaxRule | undefined =>
  taxRules.find((rule) => rule.taxClass === taxClass && rule.diningOption === diningOption) ??
  taxRules.find((rule) => rule.taxClass === taxClass && rule.diningOption === undefined);

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(restaurant: Restaurant): Restaurant {
  invariant(faultOf(restaurant) === undefined, `restaurant ${restaurant.id} has settings no rule allows`);
  return restaurant;
}

export const Restaurant = { open, change, taxRuleFor, check };
