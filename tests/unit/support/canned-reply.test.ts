import { describe, expect, it } from 'vitest';
import { CANNED_REPLIES_MAX, CannedReply } from '#domain/support/canned-reply.ts';
import { spreadOf } from '#domain/support/statistics.ts';

describe('a canned reply', () => {
  it('has the facts of its ticket filled in, and nothing else', () => {
    const facts = { customer: '{order} $& $1', order: '0042' };
    expect(CannedReply.fill('Dear {customer}, order {order}: {other} {toString} {customer}', facts)).toBe(
      'Dear {order} $& $1, order 0042: {other} {toString} {order} $& $1',
    );
  });

  it('is one of so many, changes only for who has seen the last, and is gone when it was removed', () => {
    const words = { title: 'Sorry', text: 'We are.' };
    expect(CannedReply.write('id', null, words, CANNED_REPLIES_MAX, 0)).toMatchObject({ error: { code: 'support.too_many_canned_replies' } });
    const written = CannedReply.write('id', 'r', words, CANNED_REPLIES_MAX - 1, 0);
    if (!written.ok) throw new Error('there was room');
    const kept = { ...written.value.state, version: 1 };
    expect(CannedReply.rewrite(kept, words, 2, 1)).toMatchObject({ error: { code: 'support.changed_meanwhile', version: 1 } });
    const removed = CannedReply.remove(kept, 1);
    if (!removed.ok) throw new Error('it was there');
    expect(CannedReply.remove(removed.value.state, 2).ok).toBe(false);
    expect(CannedReply.rewrite(removed.value.state, words, undefined, 2).ok).toBe(false);
  });
});

describe('a spread', () => {
  it.each([
    [[], { count: 0, medianMs: null, p90Ms: null }],
    [[5], { count: 1, medianMs: 5, p90Ms: 5 }],
    [[30, 10, 20, 40], { count: 4, medianMs: 25, p90Ms: 37 }],
  ])('of %j lies on a line between neighbours', (durations, expected) => {
    expect(spreadOf(durations)).toEqual(expected);
  });
});
