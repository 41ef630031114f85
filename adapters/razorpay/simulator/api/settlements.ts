import { Hono } from 'hono';
import { held, Refusal } from '../machines/refusal.ts';
import type { ReconRow } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { dayAsked, list, listed, whole } from './lists.ts';

const ROWS_MAX = 1_000;

export function settlementRoutes(world: World): Hono {
  const { settlements, books } = world.tables;
  const app = new Hono({ strict: false });

  /** What was settled on a day, or in a month when no day is named. */
  app.get('/settlements/recon/combined', (c) => {
    const { year, month, day } = dayAsked(c);
    if (year === undefined || month === undefined) throw new Refusal('The year and month are required.', { field: 'year' });
    const isThen = ({ settled_at }: ReconRow): boolean => {
      if (settled_at === null) return false;
      const date = new Date(settled_at * 1_000 + world.settings.bookOffsetMinutes * 60_000);
      return date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && (day === undefined || date.getUTCDate() === day);
    };
    return whole(c, listed(c, books.filter(isThen), ROWS_MAX));
  });
  app.get('/settlements', (c) => list(c, settlements.values()));
  app.get('/settlements/:id', (c) => c.json(held(settlements, c.req.param('id'))));
  return app;
}
