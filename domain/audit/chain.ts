import { invariant } from '../shared/invariant.ts';
import type { AuditClass } from './classes.ts';

/** What happened, as the trail keeps it. */
export type AuditFacts = {
  readonly eventId: string;
  readonly type: string;
  readonly restaurantId: string | null;
  readonly stream: string;
  readonly actor: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Its place in the chain of its class. `hash` is over the facts and the hash before it, so neither can be changed alone. */
export type AuditEntry = AuditFacts & { readonly class: AuditClass; readonly seq: number; readonly hash: string };

/**
 * The two ends of a chain. What is older than it is kept was taken off its beginning; `prunedHash` is the hash of the last
 * entry that went, so that the next one can still be checked.
 */
export type AuditChain = {
  readonly class: AuditClass;
  readonly last: number;
  readonly lastHash: string;
  readonly pruned: number;
  readonly prunedHash: string;
  /** Nothing that happened before is taken into the chain again. */
  readonly prunedBefore: number | null;
};

/** A digest that nobody can find a second text for. */
export type Digest = (text: string) => string;

/** Where the next entry must follow on. */
type Link = { readonly seq: number; readonly hash: string };
export type ChainFault = { readonly seq: number; readonly eventId: string | null; readonly why: 'altered' | 'missing' | 'too_many' };

const GENESIS = '0'.repeat(64);

const begin = (name: AuditClass): AuditChain => ({ class: name, last: 0, lastHash: GENESIS, pruned: 0, prunedHash: GENESIS, prunedBefore: null });

/** Adds facts to the end of a chain, in their order. */
function extend(
  chain: AuditChain,
  facts: readonly AuditFacts[],
  digest: Digest,
): { readonly chain: AuditChain; readonly entries: readonly AuditEntry[] } {
  let { last: seq, lastHash: hash } = chain;
  const entries = facts.map((one) => {
    seq += 1;
    hash = hashOf({ ...one, class: chain.class, seq }, hash, digest);
    return { ...one, class: chain.class, seq, hash };
  });
  return { chain: { ...chain, last: seq, lastHash: hash }, entries };
}

/** Takes the oldest entries off, up to one of them. */
function prune(chain: AuditChain, upTo: Link, before: number): AuditChain {
  invariant(upTo.seq > chain.pruned && upTo.seq <= chain.last, `the chain ${chain.class} has no entry ${upTo.seq} to end at`);
  return { ...chain, pruned: upTo.seq, prunedHash: upTo.hash, prunedBefore: before };
}

const start = ({ pruned, prunedHash }: AuditChain): Link => ({ seq: pruned, hash: prunedHash });

/** Follows entries from a link: where they lead, or the first one that is not what was written. */
function follow(from: Link, entries: readonly AuditEntry[], digest: Digest): Link | ChainFault {
  let link = from;
  for (const entry of entries) {
    if (entry.seq !== link.seq + 1) return { seq: link.seq + 1, eventId: null, why: 'missing' };
    if (hashOf(entry, link.hash, digest) !== entry.hash) return { seq: entry.seq, eventId: entry.eventId, why: 'altered' };
    link = entry;
  }
  return { seq: link.seq, hash: link.hash };
}

/** Whether a chain that was followed to a link ends there. */
function end({ last, lastHash }: AuditChain, link: Link): ChainFault | undefined {
  if (link.seq < last) return { seq: link.seq + 1, eventId: null, why: 'missing' };
  if (link.seq > last) return { seq: last + 1, eventId: null, why: 'too_many' };
  return link.hash === lastHash ? undefined : { seq: last, eventId: null, why: 'altered' };
}

const hashOf = (entry: Omit<AuditEntry, 'hash'>, before: string, digest: Digest): string => {
  const { class: name, seq, eventId, type, restaurantId, stream, actor, at, data } = entry;
  return digest(`${before}\n${canonical([name, seq, eventId, type, restaurantId, stream, actor, at, data])}`);
};

/** One text for one value, however a database ordered its members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

export const AuditChain = { begin, extend, prune, start, follow, end };
