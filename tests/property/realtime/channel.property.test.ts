import fc from 'fast-check';
import { expect, it } from 'vitest';
import { restaurantPermissions } from '#domain/identity/roles.ts';
import { Channel, RESTAURANT_TOPICS } from '#domain/realtime/channel.ts';
import { mayFollow, mayFollowOrder } from '#domain/realtime/policy.ts';
import { type Actor, may } from '#domain/shared/actor.ts';

const uuid = fc.uuid();
const role = fc.constantFrom('owner', 'manager', 'cashier', 'waiter', 'kitchen', 'rider');
const channel: fc.Arbitrary<Channel> = fc.oneof(
  fc.record({ kind: fc.constant('restaurant' as const), restaurantId: uuid, topic: fc.constantFrom(...RESTAURANT_TOPICS) }),
  fc.record({ kind: fc.constant('order' as const), orderId: uuid }),
  fc.record({ kind: fc.constant('user' as const), accountId: uuid }),
  fc.record({ kind: fc.constant('role' as const), restaurantId: uuid, role }),
  fc.record({ kind: fc.constant('chat' as const), threadId: uuid }),
);
const account = (grants: Extract<Actor, { kind: 'account' }>['grants']): fc.Arbitrary<Actor> =>
  fc.record({ kind: fc.constant('account' as const), accountId: uuid, sessionId: uuid, permissions: fc.constant([]), grants: fc.constant(grants) });

it('reads every name back as the channel it names, and no other text', () => {
  fc.assert(
    fc.property(channel, (one) => {
      const name = Channel.nameOf(one);
      expect(Channel.parse(name)).toEqual(one);
      for (const other of [`${name}:`, `:${name}`, name.toUpperCase(), `${name} `, name.slice(0, -1), `x${name}`, name.replace(':', '::')])
        expect(Channel.parse(other) === undefined || Channel.nameOf(Channel.parse(other) as Channel) === other).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const parsed = Channel.parse(text);
      if (parsed) expect(Channel.nameOf(parsed)).toBe(text);
    }),
  );
});

it('lets nobody follow what is of another restaurant or another person', () => {
  fc.assert(
    fc.property(channel, uuid, role, uuid, (one, workplace, name, customerId) => {
      fc.pre(!('restaurantId' in one) || one.restaurantId !== workplace);
      const grants = [{ restaurantId: workplace, role: name, permissions: restaurantPermissions(name) }];
      fc.assert(
        fc.property(account(grants), (viewer) => {
          const isOpen = (one.kind === 'restaurant' && one.topic === 'menu') || one.kind === 'order' || one.kind === 'chat';
          expect(mayFollow(viewer, one) === false || isOpen).toBe(true);
          expect(mayFollowOrder(viewer, { customerId, restaurantId: crypto.randomUUID() })).toBe(false);
        }),
        { numRuns: 5 },
      );
    }),
  );
});

it('lets staff follow what their role allows in their restaurant', () => {
  fc.assert(
    fc.property(uuid, role, fc.constantFrom(...RESTAURANT_TOPICS), (restaurantId, name, topic) => {
      const grants = [{ restaurantId, role: name, permissions: restaurantPermissions(name) }];
      const viewer: Actor = { kind: 'account', accountId: crypto.randomUUID(), sessionId: crypto.randomUUID(), permissions: [], grants };
      const takes = { orders: 'orders:read', tables: 'orders:read', kitchen: 'orders:prepare', dashboard: 'ledger:read' } as const;
      const expected = topic === 'menu' || topic === 'staff' || may(viewer, takes[topic], restaurantId);
      expect(mayFollow(viewer, { kind: 'restaurant', restaurantId, topic })).toBe(expected);
      expect(mayFollow(viewer, { kind: 'role', restaurantId, role: name })).toBe(true);
    }),
  );
});

it('lets who is no person, or has one link, follow that order or nothing', () => {
  fc.assert(
    fc.property(channel, uuid, (one, orderId) => {
      for (const viewer of [{ kind: 'anonymous' } as const, { kind: 'system', name: 'x' } as const]) expect(mayFollow(viewer, one)).toBe(false);
      expect(mayFollow({ kind: 'order_link', orderId }, one)).toBe(one.kind === 'order' && one.orderId === orderId);
      expect(mayFollow({ kind: 'order_link', orderId }, { kind: 'order', orderId })).toBe(true);
    }),
  );
});
