import { createHmac } from 'node:crypto';
import type { Key } from '../shared/key-ring.ts';

/** Names texts by a keyed digest: the same for the same text, and nothing to guess the text by without the key. */
export const hmacVeil =
  ({ bytes }: Key) =>
  (text: string): string =>
    createHmac('sha256', bytes).update(text).digest('base64url');
