/** Where the browser goes back to. */
export type Callback = { readonly url: URL; readonly href: string; readonly method: 'post' | 'get' };

/**
 * Only to ourselves, or to an origin we were told of: whoever makes a link to this page must not choose where it leads.
 * Undefined when none was asked for, null when it may not be followed.
 */
export function callbackOf(
  asked: { readonly url: string | undefined; readonly method: string | undefined },
  here: string,
  origins: readonly string[],
): Callback | null | undefined {
  if (asked.url === undefined || asked.url === '') return undefined;
  if (!URL.canParse(asked.url, here)) return null;
  const url = new URL(asked.url, here);
  const isHere = url.origin === new URL(here).origin;
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || (!isHere && !origins.includes(url.origin))) return null;
  url.hash = '';
  return { url, href: isHere ? `${url.pathname}${url.search}` : url.href, method: asked.method === 'get' ? 'get' : 'post' };
}

/** With what it is told, for the ways that take a query. */
export function withFields({ url, href }: Callback, fields: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams([...url.searchParams, ...Object.entries(fields)]).toString();
  return `${href.split('?')[0]}?${query}`;
}
