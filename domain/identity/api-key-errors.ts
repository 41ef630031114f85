export type ApiKeyError =
  | { readonly code: 'identity.api_key_not_found'; readonly apiKeyId: string }
  | { readonly code: 'identity.api_key_revoked'; readonly apiKeyId: string }
  | { readonly code: 'identity.api_key_scope_not_held'; readonly scopes: readonly string[] }
  | { readonly code: 'identity.api_key_expiry_out_of_range'; readonly daysMax: number }
  | { readonly code: 'identity.too_many_api_keys'; readonly limit: number }
  | { readonly code: 'identity.person_required' };

export type ApiKeyErrorOf<Code extends ApiKeyError['code']> = Extract<ApiKeyError, { readonly code: Code }>;
