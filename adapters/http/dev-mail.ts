import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Outbox, Templates } from '#application/notifications/email/ports.ts';
import { SAMPLES } from '#application/notifications/email/samples.ts';
import { TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';
import { API_HEADERS, jsonType, PAGE_HEADERS } from './headers.ts';
import { httpProblem } from './problem.ts';
import type { Env } from './route.ts';

/** Shows who develops here what would have been mailed. There is no such address where mail is real. */
export function devMail(app: Hono<Env>, { list }: Outbox, templates: Templates): void {
  devTemplates(app, templates);
  app.get('/dev/mail', (c) => {
    const mails = list().map(({ at, ...mail }) => ({ ...mail, at: new Date(at).toISOString() }));
    if (!(c.req.header('accept') ?? '').includes('text/html')) {
      return c.body(JSON.stringify({ data: mails, next: null }), 200, { ...API_HEADERS, 'content-type': jsonType('application/json') });
    }
    const shown = mails.map(
      ({ to, subject, text, at }) =>
        html`<article><h2>${subject}</h2><p>${at} to ${to}</p><pre style="white-space: pre-wrap">${text}</pre></article><hr>`,
    );
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail that was not sent</title></head>
      <body style="font: 16px/1.5 system-ui; max-width: 50rem; margin: 2rem auto; padding: 0 1rem">
      <h1>Mail that was not sent</h1><p><a href="/dev/mail/templates">Every mail there is</a></p><p>SMTP_URL names no mail server, so it stays here: the last ${mails.length}.</p>${shown}</body></html>`;
    return c.body(String(page), 200, { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' });
  });
}

/** Every mail there is, with facts that are nobody's. */
function devTemplates(app: Hono<Env>, templates: Templates): void {
  app.get('/dev/mail/templates', (c) => {
    const items = TEMPLATE_NAMES.map((name) => {
      const subject = templates.write(name, SAMPLES[name])?.subject;
      return html`<li><a href="/dev/mail/templates/${name}">${name}</a> ${subject} (<a href="/dev/mail/templates/${name}?as=text">text</a>)</li>`;
    });
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Every mail there is</title></head>
      <body style="font: 16px/1.7 system-ui; max-width: 50rem; margin: 2rem auto; padding: 0 1rem"><h1>Every mail there is</h1><ul>${items}</ul></body></html>`;
    return c.body(String(page), 200, { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' });
  });
  app.get('/dev/mail/templates/:name', (c) => {
    const name = TEMPLATE_NAMES.find((one) => one === c.req.param('name'));
    const mail = name && templates.write(name, SAMPLES[name]);
    if (!mail) return httpProblem(c, { code: 'http.not_found' });
    const isText = c.req.query('as') === 'text';
    const type = isText ? 'text/plain' : 'text/html';
    return c.body(isText ? mail.text : mail.html, 200, { ...PAGE_HEADERS, 'content-type': `${type}; charset=utf-8` });
  });
}
