import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThreadEvent } from '#domain/support/events.ts';
import { READERS_MAX, SIDES, Thread } from '#domain/support/thread.ts';

const opening = { restaurantId: 'r', subject: { kind: 'order', id: 'o' }, customerId: 'customer' } as const;
const step = fc.record({
  what: fc.constantFrom('post', 'read'),
  accountId: fc.constantFrom('customer', 'cook', 'rider'),
  side: fc.constantFrom(...SIDES),
  seq: fc.integer({ min: 1, max: 20 }),
});

describe('a thread', () => {
  it('numbers its messages without a gap, and nobody has read less than before or more than there is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { state, events } = Thread.open('thread', opening, 0);
        let thread = state;
        const told: ThreadEvent[] = [...events];
        let posted = 0;
        for (const [at, { what, accountId, side, seq }] of steps.entries()) {
          const before = thread;
          if (what === 'post') {
            const { change, message } = Thread.post(thread, { accountId, side }, { id: `m${at}`, text: 'x', isInternal: false, clientId: null }, at);
            posted += 1;
            expect(message.seq).toBe(posted);
            expect(Thread.unread(change.state, accountId)).toBe(0);
            thread = Thread.check(change.state);
            told.push(...change.events);
          } else {
            const read = Thread.read(thread, { accountId, side }, seq, at);
            expect(read.ok).toBe(seq <= posted);
            if (!read.ok || !read.value) continue;
            thread = Thread.check(read.value.state);
            told.push(...read.value.events);
          }
          for (const [reader, seen] of Object.entries(before.reads)) expect(thread.reads[reader]).toBeGreaterThanOrEqual(seen);
        }
        expect(thread.lastSeq).toBe(posted);
        expect(told.filter(({ type }) => type === 'support.message_sent')).toHaveLength(posted);
      }),
    );
  });

  it('keeps how far so many people have read, and not more', () => {
    const said = Thread.post(
      Thread.open('t', opening, 0).state,
      { accountId: 'a', side: 'customer' },
      { id: 'm', text: 'x', isInternal: false, clientId: null },
      0,
    );
    let thread = said.change.state;
    for (let n = 0; n < READERS_MAX + 20; n++) {
      const read = Thread.read(thread, { accountId: `reader${n}`, side: 'restaurant' }, 1, 1);
      if (read.ok && read.value) thread = read.value.state;
    }
    expect(Object.keys(thread.reads)).toHaveLength(READERS_MAX);
  });

  it('lets no customer leave a note for colleagues', () => {
    const { state } = Thread.open('t', opening, 0);
    const note = { id: 'm', text: 'x', isInternal: true, clientId: null };
    expect(() => Thread.post(state, { accountId: 'customer', side: 'customer' }, note, 0)).toThrow();
  });
});
