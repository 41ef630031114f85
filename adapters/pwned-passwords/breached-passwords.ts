import { createHash } from 'node:crypto';
import type { BreachedPasswords } from '#application/identity/ports.ts';
import { failureName } from '../shared/failure-name.ts';
import { readAtMost } from '../shared/read-at-most.ts';
import { refuseInsideTransaction } from '../shared/transaction-context.ts';

export type RangeOptions = {
  readonly baseUrl: string;
  readonly timeoutMs?: number;
  /** Told why nothing could be said, in words that hold nothing of the password. */
  readonly onUnknown?: (reason: string) => void;
};

/** Somebody waits for it who has just filled in a form. */
const TIMEOUT_MS = 1_000;
/** Ranges have two thousand lines of forty characters at most. */
const ANSWER_BYTES_MAX = 512 * 1024;
const PREFIX_LENGTH = 5;
const LINE = /^[0-9A-F]{35}:\d+$/;

/**
 * Asks what speaks the range protocol of Pwned Passwords (https://haveibeenpwned.com/API/v3#PwnedPasswords). It is told the
 * first five digits of a SHA-1, which a thousand known passwords share, and answers with the rest of all of them; what it
 * adds so that the length of its answer tells nothing either is counted as never seen.
 */
export function pwnedPasswords({ baseUrl, timeoutMs = TIMEOUT_MS, onUnknown }: RangeOptions): BreachedPasswords {
  const ranges = `${baseUrl.replace(/\/+$/, '')}/range/`;
  const headers = { 'add-padding': 'true', accept: 'text/plain', 'user-agent': 'Thali' };

  /** The lines of a range, or why there are none. */
  async function rangeOf(prefix: string): Promise<readonly string[] | string> {
    const response = await fetch(`${ranges}${prefix}`, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) {
      await response.body?.cancel();
      return `status ${response.status}`;
    }
    const bytes = await readAtMost(response, ANSWER_BYTES_MAX);
    if (!bytes) return 'an answer without end';
    const lines = new TextDecoder().decode(bytes).toUpperCase().trimEnd().split(/\r?\n/);
    return lines.every((line) => LINE.test(line)) ? lines : 'an answer of another kind';
  }

  return {
    async find(password) {
      refuseInsideTransaction();
      const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
      const range = await rangeOf(digest.slice(0, PREFIX_LENGTH)).catch(failureName);
      if (typeof range === 'string') {
        onUnknown?.(range);
        return 'unknown';
      }
      const known = range.find((line) => line.startsWith(digest.slice(PREFIX_LENGTH)));
      return known !== undefined && Number(known.split(':')[1]) > 0 ? 'yes' : 'no';
    },
  };
}
