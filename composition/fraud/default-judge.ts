import { readFileSync } from 'node:fs';
import type { Judge } from '#domain/fraud/decision.ts';
import { FEATURE_NAMES } from '#domain/fraud/features.ts';
import { FraudModel } from '#domain/fraud/learning/model.ts';

export const DEFAULT_JUDGE_FILE = new URL('./default-judge.json', import.meta.url);

/** The model that is shipped. `npm run fraud:train -- --scenarios` makes it again, byte for byte. */
export function readDefaultJudge(): Judge {
  const { model, usual } = JSON.parse(readFileSync(DEFAULT_JUDGE_FILE, 'utf8')) as Judge;
  const checked = FraudModel.check(model);
  if (!checked.ok) throw new Error(`the fraud model that is shipped is malformed at ${checked.error.at}`);
  const unknown = model.featureNames.find((name) => !(FEATURE_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`the fraud model that is shipped wants ${unknown}, which nobody measures`);
  return { model: checked.value, usual };
}
