import { expect, it } from 'vitest';
import { hashing } from '#application/identity/hashing.ts';
import { HasherBusy } from '#application/identity/ports.ts';
import { err, ok } from '#domain/shared/result.ts';

it('refuses when the hasher has no room, and lets every other failure be one', async () => {
  expect(await hashing(Promise.resolve('hash'))).toEqual(ok('hash'));
  expect(await hashing(Promise.reject(new HasherBusy('no room')))).toEqual(err({ code: 'identity.busy', retryAfterSeconds: 2 }));
  await expect(hashing(Promise.reject(new Error('a thread died')))).rejects.toThrow('a thread died');
});
