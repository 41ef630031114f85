import { z } from 'zod';
import type { EmailOperations } from '#application/notifications/email/module.ts';
import { ok } from '#domain/shared/result.ts';
import { html } from '../../pages/layout.ts';
import { sheet } from '../../pages/sheet.ts';
import { type AnyRoute, route } from '../../route.ts';

const TicketParams = z.object({
  ticket: z.string().max(1_000).meta({ example: 'v1.kid.sealed', description: 'As it stands in the mail' }),
});
const shared = {
  tag: 'E-mail',
  access: 'public',
  params: TicketParams,
  status: 200,
  response: z.string(),
  isPage: true,
  example: { response: '<!doctype html><html lang="en">…</html>' },
  problems: {},
} as const;

/** The link in every offer. Programs that look into mail open links, so that opening it asks, and only the answer does it. */
export const unsubscribeRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  route({
    ...shared,
    method: 'get',
    path: '/unsubscribe/{ticket}',
    operationId: 'askToUnsubscribe',
    summary: 'Ask whether an address shall have no more offers',
    description: 'A page with one button. Mail about orders and accounts goes on.',
    handle: async ({ params }) => ok(String(emails.isTicket(params.ticket) ? askPage() : strangePage())),
  }),
  route({
    ...shared,
    method: 'post',
    path: '/unsubscribe/{ticket}',
    operationId: 'unsubscribe',
    summary: 'Send an address no more offers',
    description: 'What the button asks, and what mail programs ask by themselves (RFC 8058, List-Unsubscribe-Post). Asked twice it does no more.',
    bytes: { type: 'application/x-www-form-urlencoded', example: 'List-Unsubscribe=One-Click' },
    handle: async ({ params }) => ok(String((await emails.unsubscribe(params)) ? donePage() : strangePage())),
  }),
];

const askPage = () =>
  sheet({
    title: 'No more offers?',
    tone: 'open',
    main: html`<p>We will send no more offers to the address that this mail came to. News of your orders and your account still comes.</p><form method="post"><button type="submit">Unsubscribe</button></form>`,
  });
const donePage = () =>
  sheet({ title: 'Done', tone: 'good', main: html`<p>You get no more offers at this address.</p><p class="soft">You can close this page.</p>` });
const strangePage = () =>
  sheet({
    title: 'This link is not ours',
    tone: 'bad',
    main: html`<p>Open it from the mail once more; it may have been cut off. Nothing was changed.</p>`,
  });
