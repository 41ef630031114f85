import { describe, expect, it } from 'vitest';
import { outgoing } from '#adapters/outbound/outgoing.ts';
import type { Resolve } from '#adapters/outbound/resolve.ts';
import { faultOfAddresses, readTarget } from '#adapters/outbound/targets.ts';

const PRODUCTION = { ports: [443, 8443], allowsLoopback: false };
const AT_HOME = { ports: [443], allowsLoopback: true };
/** What names mean in here. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'hooks.example.com': ['203.0.113.9', '2606:4700::1'],
  'eat.example.org': ['8.8.8.8', '2606:4700::1'],
  'mixed.example.org': ['8.8.8.8', '10.0.0.7'],
  'inside.example.org': ['192.168.1.1'],
  'six.example.org': ['fd00::1'],
};
const resolve: Resolve = async (host) => {
  const addresses = NAMES[host];
  if (!addresses) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};
const faultOf = (url: string, policy = PRODUCTION) => outgoing({ ...policy, resolve }).faultOf(url);

describe('an address that webhooks are to be sent to', () => {
  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://thali.localhost/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://192.0.2.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[::]/',
    'https://inside.example.org/',
    'https://six.example.org/',
    'https://mixed.example.org/',
    'https://hooks.example.com/', // One of its addresses is there for documentation only.
  ])('is not %s', async (url) => {
    expect(await faultOf(url)).toBe('not_public');
  });

  it.each([
    ['http://eat.example.org/', 'not_https'],
    ['http://127.0.0.1/', 'not_https'],
    ['https://user@eat.example.org/', 'has_credentials'],
    ['https://user:word@eat.example.org/', 'has_credentials'],
    ['https://eat.example.org:22/', 'port_not_allowed'],
    ['https://eat.example.org:80/', 'port_not_allowed'],
    ['https://nowhere.example.org/', 'unresolvable'],
    ['nowhere', 'malformed'],
    ['', 'malformed'],
    ['/hook', 'malformed'],
    ['https://', 'malformed'],
    ['https://[fe80::1%25eth0]/', 'malformed'],
    ['ftp://eat.example.org/', 'malformed'],
    ['file:///etc/passwd', 'malformed'],
    ['javascript:alert(1)', 'malformed'],
    ['https://0x100000000/', 'malformed'],
  ])('is not %s, which is %s', async (url, fault) => {
    expect(await faultOf(url)).toBe(fault);
  });

  it.each([
    'https://eat.example.org/hook?token=1',
    'https://eat.example.org.:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1]/',
    'https://[::ffff:8.8.8.8]/',
  ])('may be %s', async (url) => {
    expect(await faultOf(url)).toBeUndefined();
  });

  it.each([
    ['http://127.0.0.1:4010/', undefined],
    ['http://localhost:80/', undefined],
    ['https://[::1]:8080/', undefined],
    ['https://eat.example.org/', undefined],
    ['http://eat.example.org/', 'not_https'],
    ['https://eat.example.org:8080/', 'port_not_allowed'],
    ['http://10.0.0.1/', 'not_public'],
    ['http://inside.example.org:8080/', 'not_public'],
    ['http://me@localhost/', 'has_credentials'],
  ])('where this machine may be called: %s is %s', async (url, fault) => {
    expect(await faultOf(url, AT_HOME)).toBe(fault);
  });

  it('is nothing without an address, or with one that is none', () => {
    const target = readTarget('https://eat.example.org/', PRODUCTION);
    if (typeof target === 'string') throw new Error(target);
    expect(faultOfAddresses(target, [], PRODUCTION)).toBe('unresolvable');
    const four = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 as const }));
    expect(faultOfAddresses(target, four('not an address'), PRODUCTION)).toBe('not_public');
    expect(faultOfAddresses(target, four('127.0.0.1', '8.8.8.8'), AT_HOME)).toBe('not_public');
  });
});
