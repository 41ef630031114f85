import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TicketEvent } from '#domain/support/events.ts';
import { REOPEN_MS, TICKET_NEXT, TICKET_PRIORITIES, TICKET_STATUSES, Ticket, type TicketStatus } from '#domain/support/ticket.ts';

const facts = { restaurantId: 'r', requesterId: 'asker', orderId: null, title: 'x', openedAt: 0, category: 'other', priority: 'normal' } as const;
const step = fc.record({
  what: fc.constantFrom('answer', 'ask', 'assign', 'sort', ...TICKET_STATUSES),
  who: fc.constantFrom('ana', 'bo', null),
  priority: fc.constantFrom(...TICKET_PRIORITIES),
  wait: fc.integer({ min: 0, max: REOPEN_MS }),
});

describe('a ticket', () => {
  it('whatever is done with it, moves as the table says, is answered first once, and counts the time that was ours', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { state, events } = Ticket.open('ticket', facts);
        let ticket = state;
        const told: TicketEvent[] = [...events];
        let now = 0;
        let ours = 0;
        for (const { what, who, priority, wait } of steps) {
          now += wait;
          if (ticket.status === 'open' || ticket.status === 'resolved') ours += ticket.status === 'open' ? wait : 0;
          const before = ticket;
          const done = (() => {
            if (what === 'answer') return Ticket.answer(ticket, 'ana', now);
            if (what === 'ask') return Ticket.ask(ticket, now);
            if (what === 'assign') return Ticket.assign(ticket, who, 'ana', now);
            if (what === 'sort') return Ticket.sort(ticket, { priority }, now);
            return Ticket.moveTo(ticket, what, 'ana', now);
          })();
          if (!done.ok || !done.value) continue;
          ticket = Ticket.check(done.value.state);
          told.push(...done.value.events);
          if (before.status !== ticket.status) expect(TICKET_NEXT[before.status]).toContain(ticket.status);
          if (before.status === 'closed') expect(ticket).toEqual(before);
          if (before.firstRespondedAt !== null) expect(ticket.firstRespondedAt).toBe(before.firstRespondedAt);
        }
        expect(told.filter(({ type }) => type === 'support.ticket_responded').length).toBe(ticket.firstRespondedAt === null ? 0 : 1);
        const moves = told.filter((event) => event.type === 'support.ticket_moved');
        const folded = moves.reduce<TicketStatus>((status, { from, to }) => {
          expect(from).toBe(status);
          return to;
        }, 'open');
        expect(folded).toBe(ticket.status);
        const resolution = Ticket.resolutionMs(ticket);
        const wasReopened = moves.some(({ from }) => from === 'resolved');
        if (resolution !== null && !wasReopened) expect(resolution).toBe(ours);
      }),
    );
  });

  it('reaches every state, and leaves none that is final', () => {
    const reached = new Set<TicketStatus>(['open']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const from of [...reached]) for (const to of TICKET_NEXT[from]) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...TICKET_STATUSES].sort());
    expect(TICKET_NEXT.closed).toEqual([]);
  });

  it('is taken up again by who opened it for a week, and not a moment longer', () => {
    const resolved = Ticket.moveTo(Ticket.open('ticket', facts).state, 'resolved', 'ana', 10);
    if (!resolved.ok) throw new Error('open tickets can be resolved');
    expect(Ticket.ask(resolved.value.state, 10 + REOPEN_MS - 1)).toMatchObject({ ok: true, value: { state: { status: 'open', resolvedAt: null } } });
    expect(Ticket.ask(resolved.value.state, 10 + REOPEN_MS)).toMatchObject({ ok: false, error: { code: 'support.ticket_closed' } });
  });
});
