import { connect } from 'node:net';

export type RawReply = { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string; readonly text: string };

/** Sends bytes as they are to a server, and gives what comes back until it hangs up, or has said enough for one reply. */
export function exchange(url: string, bytes: string | Uint8Array, waitMs = 10_000): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const timer = setTimeout(() => socket.destroy(new Error(`no reply in time, only: ${text.slice(0, 200)}`)), waitMs);
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(text));
    };
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      if (isWhole(text)) end();
    });
    socket.on('end', end);
    socket.on('error', (error: Error & { code?: string }) => {
      clearTimeout(timer);
      // Hung up on while we were still talking: what was said before counts.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(parse(text));
      else reject(error);
    });
  });
}

function parse(text: string): RawReply {
  const split = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, split === -1 ? undefined : split).split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: split === -1 ? '' : text.slice(split + 4), text };
}

function isWhole(text: string): boolean {
  const { headers, body } = parse(text);
  const length = headers.get('content-length');
  return text.includes('\r\n\r\n') && length !== undefined && body.length >= Number(length);
}

/** A request written out, with a body that says how long it is. */
export const written = (method: string, path: string, headers: readonly string[] = [], body = ''): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: thali.test',
    'Connection: close',
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
    '',
    body,
  ].join('\r\n');
