import type { Connection } from './connection.ts';

/** Every client of this node, by what they may have to be found by. */
export class Crowd {
  readonly all = new Set<Connection>();
  readonly #networks = new Map<string, number>();
  readonly #sessions = new Map<string, Set<Connection>>();
  readonly #users = new Map<string, Set<Connection>>();

  add(connection: Connection): void {
    this.all.add(connection);
    this.#networks.set(connection.network, this.ofNetwork(connection.network) + 1);
  }

  /** Once it is known whose it is. */
  know(connection: Connection): void {
    const { sessionId, userId } = connection;
    if (sessionId === undefined) return;
    put(this.#sessions, sessionId, connection);
    put(this.#users, userId, connection);
  }

  remove(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    const left = this.ofNetwork(connection.network) - 1;
    if (left > 0) this.#networks.set(connection.network, left);
    else this.#networks.delete(connection.network);
    const { sessionId, userId } = connection;
    if (sessionId === undefined) return;
    take(this.#sessions, sessionId, connection);
    take(this.#users, userId, connection);
  }

  ofNetwork(network: string): number {
    return this.#networks.get(network) ?? 0;
  }

  ofSession(sessionId: string): readonly Connection[] {
    return [...(this.#sessions.get(sessionId) ?? [])];
  }

  ofUser(userId: string): readonly Connection[] {
    return [...(this.#users.get(userId) ?? [])];
  }
}

function put(map: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = map.get(key);
  if (known) known.add(connection);
  else map.set(key, new Set([connection]));
}

function take(map: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const known = map.get(key);
  known?.delete(connection);
  if (known?.size === 0) map.delete(key);
}
