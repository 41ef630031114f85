import { describe, expect, it } from 'vitest';
import { readConfig } from '#composition/config.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://thali:Vd8wQz3kLm7Xp2Rt@db.internal:5432/thali',
  APP_SECRET: 'pUu3vS8Qk2m9XyZr7LwD4nTc1BfGh6JaKo5Ee0RiVqNsYxWtMzCbPlOdHgFjU-_A',
  PUBLIC_URL: 'https://api.thali.test',
};

describe('the configuration of other providers', () => {
  it('has none where nobody configured any', () => {
    expect(readConfig({}).external).toEqual({});
    expect(readConfig({ GOOGLE_CLIENT_ID: '', GOOGLE_ISSUER: 'https://id.example.com' }).external).toEqual({});
  });

  it('knows where each of them is', () => {
    const given = ['GOOGLE', 'GITHUB', 'FACEBOOK'].flatMap((name) => [
      [`${name}_CLIENT_ID`, 'id'],
      [`${name}_CLIENT_SECRET`, 'secret'],
    ]);
    const client = { clientId: 'id', clientSecret: 'secret' };
    expect(readConfig(Object.fromEntries(given)).external).toEqual({
      google: { ...client, issuer: 'https://accounts.google.com' },
      github: { ...client, baseUrl: 'https://github.com', apiUrl: 'https://api.github.com' },
      facebook: { ...client, baseUrl: 'https://www.facebook.com', graphUrl: 'https://graph.facebook.com' },
    });
  });

  it('takes another address of a provider, without the slash at its end', () => {
    const { external } = readConfig({ GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret', GOOGLE_ISSUER: 'https://id.example.com/' });
    expect(external.google?.issuer).toBe('https://id.example.com');
  });

  it('refuses half a provider', () => {
    expect(() => readConfig({ GITHUB_CLIENT_ID: 'id' })).toThrow(/GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET: a provider wants both/);
    expect(() => readConfig({ FACEBOOK_CLIENT_SECRET: 'do-not-print-me' })).toThrow(/^(?!.*do-not-print-me)/s);
    expect(() => readConfig({ GOOGLE_ISSUER: 'not an address' })).toThrow(/GOOGLE_ISSUER/);
  });

  it('lets nobody read along in production', () => {
    expect(() => readConfig({ ...PRODUCTION, GITHUB_API_URL: 'http://github.internal/api' })).toThrow(/GITHUB_API_URL: production wants https/);
    expect(readConfig({ ...PRODUCTION, GITHUB_API_URL: 'https://github.internal/api' }).external).toEqual({});
  });
});
