import { describe, expect, it } from 'vitest';
import { PAYMENTS_PROBLEMS } from '#adapters/http/payments/problems.ts';
import { paymentsRoutes } from '#adapters/http/payments/routes.ts';
import { problem } from '#adapters/http/problem.ts';
import { detailsOf } from '#adapters/http/problem-detail.ts';
import { exampleApp } from '../example-app.ts';

describe('problems of payments', () => {
  it.each(Object.entries(PAYMENTS_PROBLEMS))('%s says what to do', (_code, told) => {
    expect(told.title).toMatch(/^[A-Z].*[^.]$/);
    for (const detail of detailsOf(told)) {
      expect(detail).toMatch(/^.+[.…]$/);
      expect(detail).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('says nothing of why a payment was declined', () => {
    const { title, detail } = PAYMENTS_PROBLEMS['payments.declined'];
    expect(`${title} ${detail}`).not.toMatch(/fraud|risk|score|suspicious|rule/i);
  });

  it('says when to come back to a provider that did not answer', async () => {
    const { app } = exampleApp();
    app.get('/away', (c) =>
      problem(c, PAYMENTS_PROBLEMS, { code: 'payments.provider_unreachable', processor: 'razorpay', retryAfterSeconds: 5 } as { code: string }),
    );
    const answer = await app.request('/away');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('in 5 seconds, with the same key') });
  });

  it('are each answered by some operation, but those of saved methods', () => {
    const answered = new Set(paymentsRoutes({} as never, { publicUrl: 'https://thali.test' }).flatMap(({ problems }) => Object.keys(problems)));
    expect(Object.keys(PAYMENTS_PROBLEMS).filter((code) => !answered.has(code))).toEqual([
      'payments.method_not_found',
      'payments.token_unknown',
      'payments.no_saved_methods',
    ]);
  });
});
