export type ErrorBody = {
  readonly code: string;
  readonly description: string;
  readonly field?: string;
  readonly source: string;
  readonly step: string;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/** A no, in Razorpay's shape. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 404 | 409;
  readonly body: ErrorBody;

  constructor(description: string, about: Partial<ErrorBody> = {}, status: 400 | 401 | 404 | 409 = 400) {
    super(description);
    this.status = status;
    this.body = {
      code: 'BAD_REQUEST_ERROR',
      description,
      source: 'business',
      step: 'payment_initiation',
      reason: 'input_validation_failed',
      metadata: {},
      ...about,
    };
  }
}

export const noSuchId = (): Refusal => new Refusal('The id provided does not exist', { source: 'NA', step: 'NA', reason: 'NA' });

/** What a table holds under an id, or the refusal that it holds nothing. */
export function held<T>(table: ReadonlyMap<string, T>, id: string): T {
  const found = table.get(id);
  if (found === undefined) throw noSuchId();
  return found;
}
