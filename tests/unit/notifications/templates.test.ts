import { describe, expect, it } from 'vitest';
import { plainName, render, TEMPLATE_NAMES } from '#application/notifications/templates.ts';

const FACTS = {
  name: 'Meera',
  link: 'https://eat.test/reset-password#token=pr_x.y',
  undoLink: 'https://eat.test/undo-email#token=ue_x.y',
  minutes: '60',
  how: 'reset',
  at: '2026-11-21T10:30:00Z',
  newEmail: 'm•••a@e•••e.com',
  what: 'Your account was closed.',
};

describe('a mail', () => {
  it.each(TEMPLATE_NAMES)('of the template %s says everything twice, as text and as HTML', (name) => {
    const mail = render(name, FACTS);
    expect(mail?.subject.length).toBeGreaterThan(10);
    expect(mail?.text).toMatch(/^Hello Meera,\n/);
    expect(mail?.html).toContain('<p>Hello Meera,</p>');
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/undefined|\{|\}/);
  });

  it('carries its link where there is one, as a link', () => {
    for (const name of ['verify_email', 'reset_password', 'confirm_new_email']) {
      expect(render(name, FACTS)?.text).toContain(FACTS.link);
      expect(render(name, FACTS)?.html).toContain(`<a href="${FACTS.link}">`);
    }
    expect(render('email_changed', FACTS)?.text).toContain(FACTS.undoLink);
  });

  it('is none of a template there is not', () => {
    for (const name of ['', 'toString', '__proto__', 'verify-email']) expect(render(name, FACTS)).toBeUndefined();
  });

  it('takes no markup from a name', () => {
    const { html, text } = render('verify_email', { ...FACTS, name: '<b onclick="x()">Me & \'You\'</b>' }) ?? expect.fail('there is such a template');
    expect(html).not.toMatch(/<b[ >]|onclick="/);
    expect(html).toContain('&amp;');
    expect(text).toContain('Me');
  });

  it.each([
    ['Meera Nair', 'Meera Nair'],
    ['Dr. Meera K. Nair', 'Dr. Meera K. Nair'],
    ['Win at https://evil.test now', 'Win at now'],
    ['evil.test/claim', 'there'],
    ['www evil', 'evil'],
    ['Claim prize at EVIL.TEST', 'Claim prize at'],
    ['mail me@evil.test', 'mail'],
    ['ｅｖｉｌ．ｔｅｓｔ', 'there'],
    ['http://x', 'there'],
    ['', 'there'],
  ])('greets %j as %j', (name, greeted) => {
    expect(plainName(name)).toBe(greeted);
  });
});
