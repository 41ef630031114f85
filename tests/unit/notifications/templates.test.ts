import { beforeAll, describe, expect, it } from 'vitest';
import { handlebarsTemplates } from '#adapters/handlebars/notifications/email/templates.ts';
import type { Facts, Templates, Written } from '#application/notifications/email/ports.ts';
import { SAMPLES } from '#application/notifications/email/samples.ts';
import { plainName, plainText } from '#domain/notifications/email/plain-text.ts';
import { EMAIL_TEMPLATES, TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';

const MARKUP = `<b onclick="x()">Me & 'You'</b>`;
const BRACES = '{{name}}{{constructor}}';
const HOSTILE = [MARKUP, BRACES, 'Ann\r\nBcc: eve@evil.test', 'javascript:alert(1)', 'https://evil.test/claim', 'x'.repeat(20_000), '', '\u202egnp'];
const ODD: readonly unknown[] = [
  null,
  undefined,
  0,
  true,
  [],
  {},
  [[[[[['deep']]]]]],
  [null, 'x', {}],
  { __proto__: { polluted: 'yes' } },
  () => 'no',
  Symbol.iterator,
];

let templates: Templates;
beforeAll(() => {
  templates = handlebarsTemplates({ brand: 'Thali' });
});
const write = (name: string, facts: Facts): Written => templates.write(name, facts) ?? expect.fail(`there is no ${name}`);

/** What a reader sees of the HTML. */
const seen = (html: string): string =>
  html
    .replace(/^[\s\S]*<\/head>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&(?:amp|lt|gt|quot|#x27|#x3D|nbsp|zwnj|#847);/g, ' ')
    .replaceAll(/\s+/g, ' ');

function isSound({ subject, text, html }: Written, value?: unknown): void {
  expect(subject).toMatch(/^[^\p{Cc}]{1,160}$/u);
  expect(text.length).toBeGreaterThan(20);
  expect(text).not.toMatch(/undefined|\[object|NaN/);
  expect(html).not.toMatch(/undefined|\[object|NaN|<b |<script|onclick="|href="javascript:/);
  if (value !== BRACES) expect(text + html).not.toContain('{{');
  expect(html).toMatch(/^<!doctype html>\n<html lang="en"/);
  expect(html.match(/<table/g)?.length).toBe(html.match(/<\/table>/g)?.length);
  expect(html.match(/<h1/g)).toHaveLength(1);
  expect(html).not.toMatch(/<img|<link|url\(|@import/); // Nothing that tells somebody it was opened.
  for (const [, style] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) expect(style).toMatch(/^https?:\/\//);
}

describe.each(TEMPLATE_NAMES)('the mail %s', (name) => {
  it('says the same as text and as HTML', () => {
    const mail = write(name, SAMPLES[name]);
    isSound(mail);
    const shown = seen(mail.html);
    const words = mail.text.replaceAll(/https?:\S+/g, '').match(/[\p{L}\p{N}₹]{3,}/gu) ?? [];
    expect(words.filter((word) => !shown.includes(word))).toEqual([]);
  });

  it('is sound without any one of its facts, and without all of them', () => {
    isSound(write(name, {}));
    for (const missing of Object.keys(SAMPLES[name])) {
      const { [missing]: _, ...rest } = SAMPLES[name];
      isSound(write(name, rest));
    }
  });

  it('stays what it is, whatever one of its facts holds', () => {
    for (const fact of Object.keys(SAMPLES[name])) {
      for (const value of [...HOSTILE, ...ODD]) {
        const mail = write(name, { ...SAMPLES[name], [fact]: value });
        isSound(mail, value);
        expect(mail.html.length).toBeLessThan(120_000);
      }
    }
  });

  it('lets nobody who only named something send a link to others', () => {
    const named = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(named)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value).map(([key, inner]) => [
                key,
                NAMES.includes(key) ? 'Win https://evil.test evil2.test/now eve@evil.test' : named(inner),
              ]),
            )
          : value;
    const mail = write(name, named(SAMPLES[name]) as Facts);
    expect(`${mail.subject}${mail.text}${mail.html}`).not.toMatch(/evil/);
  });
});
const NAMES = ['name', 'restaurant', 'reason', 'note', 'role'];

describe('a mail', () => {
  it('carries its link where there is one', () => {
    for (const [name, fact] of [
      ['verify_email', 'link'],
      ['reset_password', 'link'],
      ['confirm_new_email', 'link'],
      ['email_changed', 'undoLink'],
      ['order_confirmation', 'link'],
      ['offer', 'unsubscribeUrl'],
    ] as const) {
      const link = String(SAMPLES[name][fact]);
      const { text, html } = write(name, SAMPLES[name]);
      expect(text).toContain(link);
      expect(html.replaceAll('&#x3D;', '=')).toContain(`href="${link}"`);
    }
  });

  it('leads nowhere but to the web', () => {
    for (const link of ['javascript:alert(1)', 'data:text/html,x', 'mailto:a@b.test', '//evil.test', 'https://x.test/"onclick="x', 'ftp://x.test'])
      expect(write('verify_email', { ...SAMPLES.verify_email, link }).html).not.toContain('<a href="');
  });

  it('tells what was ordered to the last rupee', () => {
    const { text, html } = write('order_confirmation', SAMPLES.order_confirmation);
    for (const part of [
      '2 × Annapurna Thali: ₹560.00',
      'Large, Extra ghee × 2',
      '“Less spicy, please”',
      'CGST 2.5%: ₹20.98',
      'Tip: ₹40.00',
      'Total: ₹921.00',
      '14 Lotus Apartments',
    ])
      expect(text).toContain(part);
    for (const part of ['Annapurna Thali', 'Extra ghee × 2', '₹560.00', '₹40.00', '₹921.00', 'Pune 411001']) expect(html).toContain(part);
  });

  it('says of a tax that is in the price that it is', () => {
    const { text } = write('order_confirmation', { ...SAMPLES.order_confirmation, isTaxIncluded: true });
    expect(text).toMatch(/Total: ₹921.00\nincluding CGST 2.5%: ₹20.98/);
  });

  it('shows nothing of a campaign but text', () => {
    const { html, text } = write('announcement', { ...SAMPLES.announcement, paragraphs: [MARKUP, 'two'] });
    expect(html).toContain('&lt;b onclick');
    expect(text).toContain(MARKUP);
  });

  it('says that it is a test when it is one', () => {
    expect(write('receipt', { ...SAMPLES.receipt, isTest: true }).subject).toMatch(/^\[Test\] Receipt/);
    expect(write('receipt', { ...SAMPLES.receipt, isTest: 'true' }).subject).not.toContain('[Test]');
  });

  it('is none of a template there is not', () => {
    for (const name of ['', 'toString', '__proto__', 'verify-email', 'layout']) expect(templates.write(name, {})).toBeUndefined();
  });

  it('holds a link that is as good as a password only where it says so', () => {
    for (const name of TEMPLATE_NAMES) expect(/#token=/.test(write(name, SAMPLES[name]).text), name).toBe('holdsToken' in EMAIL_TEMPLATES[name]);
  });
});

describe('a name', () => {
  it.each([
    ['Meera Nair', 'Meera Nair'],
    ['Dr. Meera K. Nair', 'Dr. Meera K. Nair'],
    ['Win at https://evil.test now', 'Win at now'],
    ['evil.test/claim', 'there'],
    ['evil2.test', 'there'],
    ['evil。test', 'there'],
    ['10.0.0.1', 'there'],
    ['e\u200bvil.test', 'there'],
    ['www evil', 'evil'],
    ['Claim prize at EVIL.TEST', 'Claim prize at'],
    ['mail me@evil.test', 'mail'],
    ['ｅｖｉｌ．ｔｅｓｔ', 'there'],
    ['http://x', 'there'],
    ['മീര', 'മീര'],
    ['', 'there'],
  ])('%j is greeted as %j', (name, greeted) => {
    expect(plainName(name)).toBe(greeted);
  });

  it.each([
    ['Veg/Non-Veg Thali', 'Veg/Non-Veg Thali'],
    ['Combo: 2.5 kg, from 10:30', 'Combo: 2.5 kg, from 10:30'],
    ['Pay at tel:123 or evil.test', 'Pay at or'],
    ['line\r\nBcc: x', 'line Bcc: x'],
    ['cod\u202egnp.exe\u2066 \u200bx', 'x'],
    ['pa\u202egnp\u2066 \u200bx', 'pagnp x'],
  ])('in other texts %j stays %j', (text, shown) => {
    expect(plainText(text, 100)).toBe(shown);
  });
});
