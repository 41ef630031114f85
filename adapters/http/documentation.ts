import type { Hono } from 'hono';
import type { AnyRoute, Env } from './route.ts';

export function documentation(_app: Hono<Env>, _routes: readonly AnyRoute[], _about: { readonly version: string; readonly url: string }): void {}
