import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { FraudErrorOf } from './errors.ts';
import type { ListEntryEvent } from './events.ts';
import { networkOf } from './network.ts';

export const LISTS = ['deny', 'allow'] as const;
export type List = (typeof LISTS)[number];
export const ENTRY_KINDS = ['customer', 'email', 'phone', 'device', 'ip', 'network', 'instrument', 'address'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Someone or something that is refused, or trusted, until further notice. */
export type ListEntryFacts = {
  /** Null: on the whole platform. */
  readonly restaurantId: string | null;
  readonly list: List;
  readonly kind: EntryKind;
  /** As people write it, in its one spelling. */
  readonly value: string;
  /** What attempts are compared by; a customer's is the id itself. */
  readonly token: string;
  readonly reason: string;
  readonly expiresAt: number | null;
  readonly addedBy: string;
  readonly addedAt: number;
};
export type ListEntry = ListEntryFacts & { readonly id: string; readonly removedAt: number | null; readonly version: number };

type Added = Result<Change<ListEntry, ListEntryEvent>, FraudErrorOf<'fraud.entry_expired'>>;

function add(id: string, facts: ListEntryFacts): Added {
  const { expiresAt, addedAt, restaurantId } = facts;
  if (expiresAt !== null && expiresAt <= addedAt) return err({ code: 'fraud.entry_expired', expiresAt });
  const state: ListEntry = { ...facts, id, removedAt: null, version: 0 };
  return ok({ state, events: [{ type: 'fraud.list_entry_added', entryId: id, restaurantId, entry: facts, at: addedAt }] });
}

/** Removing what was removed is refused: it does not exist any more. */
function remove(entry: ListEntry, removedBy: string, at: number): Result<Change<ListEntry, ListEntryEvent>, FraudErrorOf<'fraud.entry_not_found'>> {
  const { id: entryId, restaurantId, list, kind } = entry;
  if (entry.removedAt !== null) return err({ code: 'fraud.entry_not_found', entryId });
  return ok({
    state: { ...entry, removedAt: at },
    events: [{ type: 'fraud.list_entry_removed', entryId, restaurantId, list, kind, removedBy, at }],
  });
}

const isLive = ({ expiresAt, removedAt }: Pick<ListEntry, 'expiresAt' | 'removedAt'>, at: number): boolean =>
  removedAt === null && (expiresAt === null || expiresAt > at);

/** The one spelling of a value of a kind; refuses what is no such thing. */
function parseValue(kind: EntryKind, text: string): Result<string, FraudErrorOf<'fraud.entry_value_malformed'>> {
  const value = normalise(kind, text.trim());
  return value === undefined ? err({ code: 'fraud.entry_value_malformed', kind }) : ok(value);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Signals are normalised by the same, so that an entry meets what it names however it was written. */
export function normalise(kind: EntryKind, text: string): string | undefined {
  switch (kind) {
    case 'customer':
      return UUID.test(text.toLowerCase()) ? text.toLowerCase() : undefined;
    case 'email':
      return canonicalEmail(text.toLowerCase());
    case 'phone': {
      const digits = text.replaceAll(/\D/g, '');
      return digits.length >= 6 && digits.length <= 15 ? digits.slice(-10) : undefined; // With the country's code or without.
    }
    case 'ip':
      return networkOf(text)?.ip;
    case 'network':
      return networkOf(text.replace(/\/\d+$/, ''))?.network;
    case 'address': {
      const plain = text
        .toLowerCase()
        .normalize('NFKC')
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();
      return plain === '' ? undefined : plain;
    }
    case 'device':
    case 'instrument':
      return text === '' || text.length > 200 ? undefined : text;
  }
}

/** Without what after a plus, and at Gmail without dots: the same mailbox has the same text. */
function canonicalEmail(text: string): string | undefined {
  const [, local = '', domain = ''] = /^([^@\s]+)@([^@\s]+\.[^@\s]+)$/.exec(text) ?? [];
  const box = local.replace(/\+.*$/, '');
  if (box === '' || text.length > 254) return undefined;
  return domain === 'gmail.com' || domain === 'googlemail.com' ? `${box.replaceAll('.', '')}@gmail.com` : `${box}@${domain}`;
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(entry: ListEntry): ListEntry {
  invariant(LISTS.includes(entry.list) && ENTRY_KINDS.includes(entry.kind), `entry ${entry.id} is on no list`);
  invariant(entry.token !== '', `entry ${entry.id} names nothing`);
  return entry;
}

export const ListEntry = { add, remove, isLive, parseValue, check };
