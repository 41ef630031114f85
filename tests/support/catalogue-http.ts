import { createApp } from '#adapters/http/app.ts';
import { catalogueRoutes } from '#adapters/http/catalogue/routes.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';
import { type CatalogueDatabase, type CatalogueProcess, openCatalogue } from './catalogue.ts';
import { unlimited } from './entrance.ts';
import { type Profile, SILENT } from './profiles.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; the tests say what it should be.
export type Answer = { readonly status: number; readonly body: any; readonly headers: Headers };
type Sent = { readonly as?: string; readonly body?: unknown; readonly headers?: Record<string, string> };

/** The catalogue behind HTTP, spoken to by people whose token is what they are. */
export class MenuOverHttp {
  readonly database: CatalogueDatabase;
  readonly one: CatalogueProcess;
  readonly #app: ReturnType<typeof createApp>;
  restaurantId = '';

  constructor(database: CatalogueDatabase) {
    this.database = database;
    this.one = database.process();
    this.#app = createApp({
      routes: catalogueRoutes(this.one.menu),
      entrance: unlimited({ authenticate: async (token) => this.#actor(token), hasRestaurant: async () => true }),
      corsOrigins: [],
      variables: [],
      health: { isAccepting: () => true, checks: async () => [], startedAt: 0 },
      log: SILENT,
      newId: () => crypto.randomUUID(),
      version: '0',
      observe: () => undefined,
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
      isOutage: () => false,
    });
  }

  /** A restaurant nobody has used, on a Saturday at 16:00. */
  async begin(): Promise<void> {
    this.restaurantId = await this.one.restaurant();
    this.one.stock.portions = [];
    this.database.clock.at = Date.parse('2026-11-21T10:30:00Z');
  }

  get menu(): string {
    return `/restaurants/${this.restaurantId}/menu`;
  }

  async call(method: string, path: string, { as, body, headers }: Sent = {}): Promise<Answer> {
    const response = await this.#app.request(path, {
      method,
      headers: { ...(as && { authorization: `Bearer ${as}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
  }

  /** At an address below the menu. */
  as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    this.call(method, `${this.menu}${path}`, { as: who, ...(body !== undefined && { body }), ...(headers && { headers }) });

  #actor(token: string): Actor | undefined {
    const { restaurantId } = this;
    const staff = (at: string, ...permissions: Permission[]): Actor => ({
      kind: 'account',
      accountId: crypto.randomUUID(),
      sessionId: crypto.randomUUID(),
      permissions: [],
      grants: [{ restaurantId: at, role: token, permissions }],
    });
    switch (token) {
      case 'manager':
        return staff(restaurantId, 'menu:write', 'menu:availability');
      case 'cashier':
        return staff(restaurantId, 'menu:availability');
      case 'waiter':
        return staff(restaurantId, 'orders:read');
      case 'stranger':
        return staff(crypto.randomUUID(), 'menu:write', 'menu:availability');
      default:
        return undefined;
    }
  }
}

export const openMenuOverHttp = async (profile: Profile): Promise<MenuOverHttp> => new MenuOverHttp(await openCatalogue(profile));
