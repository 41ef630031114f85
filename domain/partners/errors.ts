export type PartnersError =
  | { readonly code: 'partners.restaurant_not_found'; readonly restaurantId: string }
  | { readonly code: 'partners.changed_meanwhile'; readonly version: number }
  | { readonly code: 'partners.time_zone_unknown'; readonly timeZone: string }
  | { readonly code: 'partners.currency_unknown'; readonly currency: string }
  | { readonly code: 'partners.opening_hours_malformed'; readonly index: number }
  | { readonly code: 'partners.tax_rule_malformed'; readonly index: number; readonly reason: 'rate' | 'duplicate' }
  | { readonly code: 'partners.not_permitted'; readonly permission: string }
  | { readonly code: 'partners.account_not_found'; readonly email: string }
  | { readonly code: 'partners.staff_not_found'; readonly accountId: string }
  | { readonly code: 'partners.owner_required'; readonly accountId: string; readonly permission: string }
  | { readonly code: 'partners.last_owner'; readonly accountId: string };

export type PartnersErrorOf<Code extends PartnersError['code']> = Extract<PartnersError, { readonly code: Code }>;
