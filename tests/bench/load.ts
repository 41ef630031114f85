import { Agent, request } from 'node:http';

export type Load = { readonly done: number; readonly failed: number; readonly seconds: number; readonly p50: number; readonly p99: number };
export type Shot = { readonly path: string; readonly body: string; readonly headers: Readonly<Record<string, string>> };

/** Sends shots over `connections` kept-alive connections, each as soon as the one before was answered, for `seconds`. */
export async function fire(url: string, connections: number, seconds: number, next: () => Shot): Promise<Load> {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let failed = 0;
  const began = performance.now();
  const until = began + seconds * 1_000;

  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const { path, body, headers } = next();
      const sent = request(
        {
          hostname,
          port,
          path,
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const caller = async () => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      const status = await one();
      if (status === 201) times.push(performance.now() - sentAt);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  const took = (performance.now() - began) / 1_000;
  agent.destroy();

  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { done: times.length, failed, seconds: took, p50: at(0.5), p99: at(0.99) };
}
