import type { Container, ContainerModule } from 'inversify';
import { httpApp } from '#composition/app.ts';
import { createContainer } from '#composition/container.ts';
import type { Database } from '#composition/database.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Platform } from '#composition/modules/platform.ts';
import { freshDatabase, type Profile, SILENT, testConfig } from './profiles.ts';

export type Answer = { readonly status: number; readonly body: Json; readonly headers: Headers };
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; the tests say what it should be.
export type Json = any;

const PASSWORD = 'Dosa-And-Chutney-1!';

/** A whole Thali in this process, on a database of its own, spoken to as HTTP clients do. */
export class World {
  readonly container: Container;
  readonly database: Database;
  readonly #app: ReturnType<typeof httpApp>;
  #keys = 0;

  constructor(container: Container, database: Database) {
    this.container = container;
    this.database = database;
    this.#app = httpApp(container, { isStopping: false }, () => database.statements.count);
  }

  async call(
    method: string,
    path: string,
    options: { token?: string | undefined; body?: unknown; raw?: string; headers?: Record<string, string>; ip?: string } = {},
  ): Promise<Answer> {
    const { token, body, raw, headers = {}, ip = '127.0.0.1' } = options;
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    };
    const response = await this.#app.request(path, request, { incoming: { socket: { remoteAddress: ip } } });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text, headers: response.headers };
  }

  get = (path: string, token?: string) => this.call('GET', path, { token });
  post = (path: string, body: unknown, token?: string, headers?: Record<string, string>) =>
    this.call('POST', path, { body, token, ...(headers && { headers }) });

  /** Places an order under a key of its own, unless one is given. */
  order = (body: unknown, token: string, key = `key-${++this.#keys}`) => this.post('/orders', body, token, { 'idempotency-key': key });

  /** An account, logged in. */
  async account(
    email: string,
    platformRole?: 'admin' | 'support',
  ): Promise<{ readonly accountId: string; readonly token: string; readonly email: string }> {
    const password = PASSWORD;
    const identity = this.container.get(Identity.useCases);
    const registered = await identity.registerAccount(
      { email, password, displayName: email.split('@')[0] as string, ...(platformRole && { platformRole }) },
      { kind: 'system', name: 'test' },
    );
    if (!registered.ok) throw new Error(JSON.stringify(registered.error));
    return { accountId: registered.value.id, token: await this.signIn(email), email };
  }

  /** A fresh access token: they last a quarter of an hour. */
  async signIn(email: string): Promise<string> {
    return (await this.post('/auth/login', { identifier: email, password: PASSWORD })).body.accessToken;
  }

  /** Does jobs as well, which a world only asks for otherwise. */
  async work(): Promise<void> {
    const runner = this.container.get(Platform.jobRunner);
    await runner.stop();
    await runner.start(this.container.getAll(Platform.jobs), this.container.getAll(Platform.jobHandlers), 'worker');
  }

  async close(): Promise<void> {
    await this.container.get(Platform.jobRunner).stop();
    await Promise.all(this.container.getAll(Platform.workers).map((worker) => worker.stop()));
    await this.container.get(Platform.eventLog).stop();
    await this.container.unbindAll();
    await this.database.close();
  }
}

export async function startWorld(profile: Profile, ...overrides: readonly ContainerModule[]): Promise<World> {
  const database = await freshDatabase(profile);
  const container = createContainer(
    { config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: database.store },
    ...overrides,
  );
  await container.get(Platform.jobRunner).start(container.getAll(Platform.jobs), container.getAll(Platform.jobHandlers), 'sender');
  await container.get(Platform.eventLog).start();
  for (const worker of container.getAll(Platform.workers)) worker.start();
  return new World(container, database);
}
