import { expect, it } from 'vitest';
import { plainTextReader } from '#adapters/http/client-address.ts';
import { exampleApp, SHOP } from './example-app.ts';

const { app } = exampleApp({ isPlainText: plainTextReader(['10.0.0.0/8']) });
const get = (remoteAddress: string, proto?: string) =>
  app.request(`/shops/${SHOP}`, { headers: proto === undefined ? {} : { 'x-forwarded-proto': proto } }, { incoming: { socket: { remoteAddress } } });

it.each([
  ['what our proxy had over https', '10.0.0.1', 'https', 200],
  ['what our proxy had in the clear', '10.0.0.1', 'http', 400],
  ['what our proxy had in the clear, whatever was said before it', '10.0.0.1', 'https, HTTP', 400],
  ['what our proxy says nothing of', '10.0.0.1', undefined, 200],
  ['what a stranger says of themselves', '203.0.113.9', 'http', 200],
])('%s is answered as it should be', async (_what, remote, proto, status) => {
  const answer = await get(remote, proto);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('location')).toBeNull();
  if (status === 400) expect(await answer.json()).toMatchObject({ code: 'http.https_required' });
});
