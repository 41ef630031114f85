import { createServer as createPlain, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Json } from './world.ts';

export type Received = {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: Json;
  readonly path: string;
};
export type Behaviour = (request: IncomingMessage, response: ServerResponse, received: Received) => void;

export const ok: Behaviour = (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('thank you');
export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (_, response) =>
    void response.writeHead(code, { 'content-type': 'text/plain', ...headers }).end(body);

/** A real server on this machine that webhooks are sent to, and that behaves as it is told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  behave: Behaviour = ok;
  readonly url: string;
  readonly #close: () => Promise<void>;

  constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  close = (): Promise<void> => this.#close();

  take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received = {
        id: String(request.headers['webhook-id']),
        headers: request.headers,
        body,
        json: JSON.parse(body),
        path: String(request.url),
      };
      this.received.push(received);
      this.behave(request, response, received);
    });
  }

  /** The ones of a type. */
  of = (type: string): Received[] => this.received.filter(({ json }) => json.type === type);
}

export async function openReceiver(tls?: ServerOptions): Promise<WebhookReceiver> {
  let receiver: WebhookReceiver | undefined;
  const listener = (request: IncomingMessage, response: ServerResponse): void => receiver?.take(request, response);
  const server = tls ? createSecure(tls, listener) : createPlain(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  receiver = new WebhookReceiver(`${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`, () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return receiver;
}

/** What the specification's own library makes of it, at the time it says it was sent; throws when the signature is not of this secret. */
export function verified(secret: string, { headers, body }: Received): Json {
  const now = Date.now;
  Date.now = () => Number(headers['webhook-timestamp']) * 1_000;
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    Date.now = now;
  }
}
