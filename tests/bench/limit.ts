import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Pool, type PoolClient } from 'pg';

/**
 * The hand-written limit: what one handler and `pg` can do when they write the same rows as an order of ours, in one
 * transaction of named statements, and leave out everything else: no login, no validation, no menu, no tax, no log.
 */
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: Number(process.env['DATABASE_POOL_MAX'] ?? 16) });

const TABLES = ['platform.requests', 'ordering.orders', 'inventory.balances', 'inventory.reservations', 'inventory.movements', 'platform.events'];
const named = (client: PoolClient, name: string, text: string, values: unknown[]) => client.query({ name, text, values });

async function prepare(): Promise<void> {
  await pool.query('drop schema if exists bench_limit cascade; create schema bench_limit');
  for (const table of TABLES) await pool.query(`create table bench_limit.${table.split('.')[1]} (like ${table} including all)`);
}
