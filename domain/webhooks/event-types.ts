import { err, ok, type Result } from '../shared/result.ts';
import type { WebhooksErrorOf } from './errors.ts';
import { PUBLIC_EVENT_TYPES } from './public-events.ts';

/** How many types or groups of types an endpoint may name. */
export const EVENT_TYPES_MAX = 40;

/** What an endpoint wants: `*`, a group such as `order.*`, or one type. Refuses what would match nothing. */
function parse(wanted: readonly string[]): Result<readonly string[], WebhooksErrorOf<'webhooks.event_type_unknown'>> {
  const known: readonly string[] = PUBLIC_EVENT_TYPES;
  const unknown = wanted.filter((pattern) => !known.some((type) => matches(pattern, type)));
  return unknown.length > 0 ? err({ code: 'webhooks.event_type_unknown', eventTypes: unknown }) : ok([...new Set(wanted)].sort());
}

const matches = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));

export const EventTypes = {
  parse,
  wants: (patterns: readonly string[], type: string): boolean => patterns.some((pattern) => matches(pattern, type)),
};
