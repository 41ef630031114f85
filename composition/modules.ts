import type { Module } from './modules/module.ts';
import { partners } from './modules/partners.ts';
import { platform } from './modules/platform.ts';

/** Every module there is. Adding one is a line here. */
export const MODULES: readonly Module[] = [platform, partners];

export const ROWS = MODULES.flatMap(({ rows }) => rows);
