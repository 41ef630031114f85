import { type Cost, currentRequest } from '../request-context.ts';
import { type Attributes, startPart } from './tracing.ts';

/** Told of every call to a system we depend on. */
export type Took = (operation: string, seconds: number, isFailed: boolean) => void;

export type Call = {
  readonly system: 'database' | 'redis';
  readonly operation: string;
  readonly took: Took | undefined;
  readonly attributes: () => Attributes;
};

/** Notes what a call costs: on what is being done, in the metrics, and as a span. The answer is the call's own. */
export function noted<T>({ system, operation, took, attributes }: Call, ask: () => Promise<T>): Promise<T> {
  const cost = currentRequest()?.cost;
  const span = startPart(() => ({ name: operation, kind: 'client', attributes: attributes() }));
  if (!cost && !took) return ask();
  const began = performance.now();
  const answer = ask();
  const end = (isFailed: boolean, failure?: unknown): void => {
    const ms = performance.now() - began;
    if (cost) charge(cost, system, ms);
    took?.(operation, ms / 1_000, isFailed);
    span?.end(failure);
  };
  answer.then(
    () => end(false),
    (error: unknown) => end(true, error),
  );
  return answer;
}

function charge(cost: Cost, system: Call['system'], ms: number): void {
  if (system === 'database') {
    cost.statements += 1;
    cost.databaseMs += ms;
  } else {
    cost.redisCalls += 1;
    cost.redisMs += ms;
  }
}

const TEXT_MAX = 2_000;
const OPERATIONS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'COMMIT'];

/** How a statement is told of: its text only when its values are not in it. */
export function statementCall(text: string, isBound: boolean, took: Took | undefined): Call {
  const word = /[a-z]+/i.exec(text.slice(0, 100))?.[0].toUpperCase() ?? '';
  const operation = OPERATIONS.includes(word) ? word : 'OTHER';
  return {
    system: 'database',
    operation,
    took,
    attributes: () => ({
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      ...(isBound && { 'db.query.text': text.trim().slice(0, TEXT_MAX) }),
    }),
  };
}
