import { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/pglite';
import type { MikroORM as PostgresOrm } from '@mikro-orm/postgresql';
import type { ContainerModule } from 'inversify';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import { readConfig } from '#composition/config.ts';
import { createContainer, type Store } from '#composition/container.ts';
import { ROWS } from '#composition/modules.ts';
import { Platform } from '#composition/modules/platform.ts';

export const PROFILES = ['memory', 'pglite', 'postgres'] as const;
export type Profile = (typeof PROFILES)[number];
