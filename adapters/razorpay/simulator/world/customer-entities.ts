import type { Card, Method, Notes } from './entities.ts';

/** Who pays, with what they saved, and what they agreed to pay again and again. */
export type Customer = {
  readonly id: string;
  readonly entity: 'customer';
  name: string;
  email: string;
  contact: string;
  gstin: string | null;
  notes: Notes;
  readonly created_at: number;
};

export type Token = {
  readonly id: string;
  readonly entity: 'token';
  readonly token: string;
  readonly bank: string | null;
  readonly wallet: string | null;
  readonly method: Method;
  readonly card?: Omit<Card, 'id' | 'entity'>;
  readonly vpa?: { readonly username: string; readonly handle: string; readonly name: string | null };
  readonly recurring: boolean;
  readonly auth_type: null;
  readonly mrn: null;
  used_at: number;
  readonly created_at: number;
  readonly expired_at: number | null;
  readonly dcc_enabled: boolean;
};

export type Plan = {
  readonly id: string;
  readonly entity: 'plan';
  readonly interval: number;
  readonly period: 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly';
  readonly item: Record<string, unknown> & { readonly amount: number; readonly currency: string; readonly name: string };
  readonly notes: Notes;
  readonly created_at: number;
};

export type Subscription = {
  readonly id: string;
  readonly entity: 'subscription';
  readonly plan_id: string;
  customer_id: string | null;
  status: 'created' | 'authenticated' | 'active' | 'pending' | 'halted' | 'cancelled' | 'completed' | 'expired' | 'paused';
  current_start: number | null;
  current_end: number | null;
  ended_at: number | null;
  readonly quantity: number;
  notes: Notes;
  charge_at: number | null;
  readonly start_at: number | null;
  readonly end_at: number | null;
  auth_attempts: number;
  readonly total_count: number;
  paid_count: number;
  readonly customer_notify: boolean;
  readonly created_at: number;
  readonly expire_by: number | null;
  readonly short_url: string;
  readonly has_scheduled_changes: boolean;
  readonly change_scheduled_at: number | null;
  readonly source: 'api';
  remaining_count: number;
};
