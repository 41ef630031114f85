import { expect } from 'vitest';

export const json = { 'content-type': 'application/json' };
export const as = (token: string) => ({ authorization: `Bearer ${token}` });

/** The problem that an answer is; fails unless it is one, with this status and code. */
export async function refused(
  answer: Response | Promise<Response>,
  status: number,
  code: string,
  more: object = {},
): Promise<Record<string, unknown>> {
  const response = await answer;
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code, type: `/problems#${code}`, title: expect.any(String), detail: expect.any(String), ...more });
  expect(problem['traceId']).toMatch(/^[0-9a-f]{32}$/);
  expect(response.status).toBe(status);
  return problem;
}
