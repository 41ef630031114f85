import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PASSKEYS_MAX, Passkey } from '#domain/identity/passkey.ts';

const AT = 1_764_000_000_000;
const DRAFT = { id: 'p1', accountId: 'a1', credentialId: 'c1', publicKey: 'k', counter: 0, name: 'Phone' };
function added(counter = 0): Passkey {
  const change = Passkey.add({ ...DRAFT, counter }, 0, AT);
  if (!change.ok) throw new Error('the first passkey is added');
  return change.value.state;
}

it('takes a count only above the last one, until it was removed, and stays at none for devices that do not count', () => {
  const step = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.constant('remove' as const));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), fc.array(step, { maxLength: 40 }), (first, steps) => {
      let passkey = added(first);
      for (const one of steps) {
        const before = passkey;
        const change = one === 'remove' ? Passkey.remove(before, AT) : Passkey.use(before, one, AT);
        passkey = Passkey.check(change?.state ?? before);
        if (before.status === 'removed') expect(change).toBeUndefined();
        else if (one !== 'remove') expect(change !== undefined).toBe(one > before.counter || (one === 0 && before.counter === 0));
        expect(passkey.counter).toBeGreaterThanOrEqual(before.counter);
      }
    }),
  );
});

it.each([
  [PASSKEYS_MAX - 1, true],
  [PASSKEYS_MAX, false],
  [PASSKEYS_MAX + 1, false],
])('after %i others one more is added: %s', (others, isAdded) => {
  expect(Passkey.add(DRAFT, others, AT).ok).toBe(isAdded);
});
