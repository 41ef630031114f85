import type { Answer, World } from '../world.ts';

const HOPS_MAX = 20;
/** Where Thali and its apps are, as browsers have it; what stands elsewhere is really asked. */
export const THALI = 'http://thali.test';
export const APPS = { customers: 'http://eat.test', partners: 'http://kitchen.test' } as const;

type Ask = (url: URL, headers: Record<string, string>) => Promise<Reply>;
type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };

/** A browser without a window: it follows redirects, keeps cookies by host, and stops where no redirect leads on, or at an app. */
export class HeadlessBrowser {
  readonly #ask: Ask;
  readonly #cookies = new Map<string, Map<string, string>>();
  readonly visited: string[] = [];

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The address it ends up at. */
  async open(address: string, until: (url: URL) => boolean = () => false): Promise<URL> {
    let url = new URL(address);
    for (let hop = 0; hop < HOPS_MAX; hop++) {
      this.visited.push(url.href);
      if (until(url) || Object.values<string>(APPS).includes(url.origin)) return url;
      const { status, headers } = await this.get(url);
      const location = headers.get('location');
      if (status < 300 || status > 399 || location === null) return url;
      url = new URL(location, url);
    }
    throw new Error(`redirected too often: ${this.visited.join(' ')}`);
  }

  async get(url: URL): Promise<Reply> {
    const jar = this.#cookies.get(url.host) ?? new Map<string, string>();
    this.#cookies.set(url.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...(cookie !== '' && { cookie }) };
    const reply = await this.#ask(url, headers);
    for (const line of reply.headers.getSetCookie()) keep(jar, line);
    return reply;
  }

  /** Names of the cookies a host has set and not taken back. */
  cookies = (host: string): readonly string[] => [...(this.#cookies.get(host) ?? new Map()).keys()];
}

/** Thali in this process, everything else over the network. */
export const askWith =
  (world: World): Ask =>
  async (url, headers) =>
    url.origin === THALI ? textOf(await world.call('GET', url.pathname + url.search, { headers })) : askOut(url, headers);

const textOf = ({ status, headers, body }: Answer): Reply => ({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });

/** Over the network, whoever it is. */
export async function askOut(url: URL, headers: Record<string, string>): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */);
  const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  const isGone = attributes.some((attribute) => /^max-age=0$/i.test(attribute) || /^expires=Thu, 01 Jan 1970/i.test(attribute));
  if (isGone) jar.delete(name);
  else jar.set(name, value);
}
