import { expect, it } from 'vitest';
import { deriveKeys } from '#adapters/system/keys.ts';

const [OLD, NEW] = ['an-old-secret-of-thirty-two-letters', 'a-new-secret-of-thirty-two-letters'];

it('keys of a secret that is turned over: the new one makes, the old one still opens', () => {
  const before = deriveKeys([OLD], 'jwt');
  for (const turned of [deriveKeys([`${NEW},${OLD}`], 'jwt'), deriveKeys([NEW, OLD], 'jwt')]) {
    expect(turned.current).toEqual(deriveKeys([NEW], 'jwt').current);
    expect(turned.find(before.current.kid)).toEqual(before.current);
    expect(turned.all.map(({ kid }) => kid)).toEqual([turned.current.kid, before.current.kid]);
  }
  expect(deriveKeys([NEW], 'jwt').find(before.current.kid)).toBeUndefined();
  expect(deriveKeys([OLD], 'refresh').current).not.toEqual(before.current);
});
