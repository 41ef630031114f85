import { describe, expect, it } from 'vitest';
import { phoneNumbers } from '#adapters/libphonenumber/phone-numbers.ts';
import { isCommonPassword } from '#adapters/zxcvbn/common-passwords.ts';
import { deviceName } from '#domain/identity/device-name.ts';
import { mask } from '#domain/identity/mask.ts';
import { networkOf } from '#domain/identity/network.ts';
import { PasswordPolicy } from '#domain/identity/password-policy.ts';
import { USERNAME_MAX, Username } from '#domain/identity/username.ts';

describe('a username', () => {
  it.each([
    ['nila.roy', 'nila.roy'],
    [' Nila_Roy2 ', 'nila_roy2'],
    ['ｎｉｌａ', 'nila'],
    ['\u212Aoala', 'koala'], // The Kelvin sign.
    ['x'.repeat(USERNAME_MAX), 'x'.repeat(USERNAME_MAX)],
  ])('%j is %s', (typed, kept) => {
    expect(Username.parse(typed)).toEqual({ ok: true, value: kept });
  });

  it.each([
    'ab',
    'x'.repeat(USERNAME_MAX + 1),
    '2nila',
    '.nila',
    'nila.',
    'ni..la',
    'ni la',
    'nila@x',
    'nilа',
    'ni\u00adla',
    'ni\0la',
    'admin',
    'sup.port',
    'THALI',
    '',
  ])('%j is refused', (typed) => {
    expect(Username.parse(typed).ok).toBe(false);
  });
});

describe('a telephone number', () => {
  const parse = phoneNumbers('IN');
  it.each(['+919812345678', '+91 98123 45678', '098123 45678', '9812345678', '٠٩٨١٢٣٤٥٦٧٨', '+91 (98123) 456-78'])(
    '%s is one and the same',
    (typed) => {
      expect(parse(typed)).toBe('+919812345678');
    },
  );

  it('is of another country where it says so', () => {
    expect(parse('+1 212 555 0123')).toBe('+12125550123');
    expect(phoneNumbers('US')('(212) 555-0123')).toBe('+12125550123');
    expect(() => phoneNumbers('XX')).toThrow('no such country');
  });

  it.each(['', '12345', '+91', 'call 9812345678', '9812345678 ext 9', '+999 9812345678', '98123\n45678;', '9'.repeat(41), '+91 98123 45678 0'])(
    '%j is none',
    (typed) => {
      expect(parse(typed)).toBeUndefined();
    },
  );
});

describe('a mask', () => {
  it.each([
    ['meera@example.com', 'm•••a@e•••e.com'],
    ['al@x.co', 'a•••@x•••.co'],
    ['+91 98123 45678', '•••78'],
    ['nila.roy', 'n•••y'],
    ['abc', 'a•••'],
    ['a@b', 'a•••@b•••'],
    ['🍛🍛🍛🍛🍛', '🍛•••🍛'],
    [`x${'🍛'.repeat(200)}`, 'x•••\ufffd'],
    ['', '•••'],
  ])('%j is shown as %s', (typed, shown) => {
    expect(mask(typed)).toBe(shown);
  });
});

describe('a device', () => {
  const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  it.each([
    [CHROME, 'Chrome on Windows'],
    [`${CHROME} Edg/140.0.0.0`, 'Edge on Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1', 'Safari on iPhone'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android'],
    ['curl/8.5.0', 'curl'],
    ['okhttp/4.12.0', 'Android app'],
    ['<script>alert(1)</script>', 'Unknown device'],
    ['', 'Unknown device'],
    [undefined, 'Unknown device'],
  ])('%j is called %s', (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name);
  });
});

describe('the long list of common passwords', () => {
  const rules = (password: string) => {
    const checked = PasswordPolicy.check(password, [], { isCommon: isCommonPassword });
    return checked.ok ? [] : checked.error.rules;
  };
  it.each(['Liverpool1!', 'Butterfly#22', '1q2w3e4R!', 'P0kemon!99', '99Samantha!'])('knows %s', (password) => {
    expect(rules(password)).toEqual(['common']);
  });
  it.each(['tiffin-At-7-sharp', 'Kulfi-at-9-maybe', 'Dosa-And-Chutney-1!', 'Thali-Demo-2026!', 'Xk9#mPq2Lw'])('leaves %s alone', (password) => {
    expect(rules(password)).toEqual([]);
  });
  it('asks more of who holds a role, and hints at how strong a password is', () => {
    expect(PasswordPolicy.check('Xk9#mPq2L', [], { min: 10 })).toMatchObject({ error: { rules: ['too_short'], minLength: 10 } });
    expect(['Ab1!cdef', 'Xk9#mPq2L', 'Xk9#mPq2Lw7$', 'tiffin-At-7-sharp-or-late'].map(PasswordPolicy.strengthOf)).toEqual([
      'weak',
      'fair',
      'good',
      'strong',
    ]);
  });
});

describe('a network', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
    ['2001:DB8:0:1:ffff::5', '2001:db8:0:1::/64'],
    ['2001:0db8:0000:0001:0:0:0:9', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
