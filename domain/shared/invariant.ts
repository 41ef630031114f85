/** Programmer error. Never caught below the process boundary, never mapped to a 4xx. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** For what cannot be false unless the code is wrong; anything a caller can cause is a refusal instead. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}
