import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 5;

export class Refused extends Error {
  override readonly name = 'Refused';
}

export type Answer = { readonly status: number; readonly body: Record<string, unknown> };

/** A caller of the API that logs in again when its token has run out, and tries again when the server is busy or away. */
export class ApiClient {
  readonly #url: string;
  readonly #credentials: { readonly identifier: string; readonly password: string };
  #token: Promise<string> | undefined;

  constructor(url: string, credentials: { readonly identifier: string; readonly password: string }) {
    this.#url = url.replace(/\/$/, '');
    this.#credentials = credentials;
  }

  /** The answer's body; a refusal throws, with what the server said about it. */
  async call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> {
    const answer = await this.send(method, path, body, headers);
    if (answer.status < 400) return answer.body;
    throw new Refused(
      `${method} ${path}: ${answer.status} ${String(answer.body['code'])}: ${String(answer.body['detail'])} ${JSON.stringify(answer.body['errors'] ?? '')}`,
    );
  }

  async send(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(method, path, body, headers).catch((error: unknown) => {
        if (attempt === ATTEMPTS)
          throw new Error(`${this.#url} does not answer: start it with npm start, or name another with --url`, { cause: error });
        return undefined;
      });
      if (answer?.status === 401) this.#token = undefined;
      const isFinal = answer !== undefined && ![401, 429, 500, 503].includes(answer.status) && answer.body['code'] !== 'http.write_conflict';
      if (answer && (isFinal || attempt === ATTEMPTS)) return answer;
      await pause(100 * 2 ** attempt);
    }
  }

  /** One try, whatever comes of it. */
  async once(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
    this.#token ??= this.#logIn();
    const isText = typeof body === 'string';
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#token}`,
        ...(body !== undefined && { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  async #logIn(): Promise<string> {
    const response = await fetch(`${this.#url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#credentials),
    });
    const { accessToken, detail } = (await response.json()) as { accessToken?: string; detail?: string };
    if (accessToken === undefined) throw new Refused(`cannot log in as ${this.#credentials.identifier}: ${detail ?? response.status}`);
    return accessToken;
  }
}
