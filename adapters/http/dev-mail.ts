import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Outbox } from '#application/notifications/email/ports.ts';
import { API_HEADERS, PAGE_HEADERS } from './headers.ts';
import type { Env } from './route.ts';

/** Shows who develops here what would have been mailed. There is no such address where mail is real. */
export function devMail(app: Hono<Env>, { list }: Outbox): void {
  app.get('/dev/mail', (c) => {
    const mails = list().map(({ at, ...mail }) => ({ ...mail, at: new Date(at).toISOString() }));
    if (!(c.req.header('accept') ?? '').includes('text/html')) {
      return c.body(JSON.stringify({ data: mails, next: null }), 200, { ...API_HEADERS, 'content-type': 'application/json' });
    }
    const shown = mails.map(
      ({ to, subject, text, at }) =>
        html`<article><h2>${subject}</h2><p>${at} to ${to}</p><pre style="white-space: pre-wrap">${text}</pre></article><hr>`,
    );
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail that was not sent</title></head>
      <body style="font: 16px/1.5 system-ui; max-width: 50rem; margin: 2rem auto; padding: 0 1rem">
      <h1>Mail that was not sent</h1><p>SMTP_URL names no mail server, so it stays here: the last ${mails.length}.</p>${shown}</body></html>`;
    return c.body(String(page), 200, { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' });
  });
}
