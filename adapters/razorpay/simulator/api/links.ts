import { Hono } from 'hono';
import { cancelLink, changeLink, createLink } from '../machines/links.ts';
import { held, Refusal } from '../machines/refusal.ts';
import type { World } from '../world/world.ts';
import { LinkChange, NewLink } from './bodies.ts';
import { bodyOf } from './json.ts';
import { listed } from './lists.ts';

export function linkRoutes(world: World): Hono {
  const { links } = world.tables;
  const app = new Hono({ strict: false });

  app.post('/payment_links', async (c) => {
    const { customer, ...body } = await bodyOf(c, NewLink);
    const known = Object.entries(customer ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return c.json(createLink(world, { ...body, customer: Object.fromEntries(known) }));
  });
  app.get('/payment_links', (c) => {
    const reference = c.req.query('reference_id');
    const payment = c.req.query('payment_id');
    const asked = [...links.values()].filter(
      (link) =>
        (reference === undefined || link.reference_id === reference) &&
        (payment === undefined || (link.payments ?? []).some(({ payment_id }) => payment_id === payment)),
    );
    return c.json({ payment_links: listed(c, asked) }); // Of all lists the only one called so.
  });
  app.get('/payment_links/:id', (c) => c.json(held(links, c.req.param('id'))));
  app.patch('/payment_links/:id', async (c) => {
    const link = held(links, c.req.param('id'));
    return c.json(changeLink(world, link, await bodyOf(c, LinkChange.partial())));
  });
  app.post('/payment_links/:id/cancel', (c) => c.json(cancelLink(world, held(links, c.req.param('id')))));
  app.post('/payment_links/:id/notify_by/:medium', (c) => {
    held(links, c.req.param('id'));
    if (!['sms', 'email'].includes(c.req.param('medium'))) throw new Refusal('The medium is invalid.', { field: 'medium' });
    return c.json({ success: true });
  });
  return app;
}
