import { writeFile } from 'node:fs/promises';
import { vectorOf } from '#domain/fraud/features.ts';
import { areaUnderRoc, averagePrecision } from '#domain/fraud/learning/metrics.ts';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { learnFrom, testRows } from '#domain/fraud/scenarios/learning.ts';
import { tellScenarios } from '#domain/fraud/scenarios/stream.ts';
import { say, tell } from './command.ts';
import { DEFAULT_JUDGE_FILE } from './default-judge.ts';

/** Makes the judge that is shipped again, from nothing but its stories, and says how it does on days it did not learn from. */
export async function trainOnScenarios(): Promise<void> {
  const rows = tellScenarios();
  const judge = learnFrom(rows, tell);
  await writeFile(DEFAULT_JUDGE_FILE, judgeText(judge));

  const { model } = judge;
  const test = testRows(rows);
  const logits = test.map(({ features }) => FraudModel.logit(model, vectorOf(features, model.featureNames)));
  const labels = test.map(({ kind }) => (kind === null ? 0 : 1));
  say(`model         ${model.version}`);
  say(`learned from  ${model.trainedOn.rows} attempts, ${model.trainedOn.frauds} of them fraud`);
  say(
    `tested on     ${test.length} later attempts: average precision ${averagePrecision(logits, labels).toFixed(3)}, AUC ${areaUnderRoc(logits, labels).toFixed(3)}`,
  );
}

export const judgeText = (judge: ReturnType<typeof learnFrom>): string => `${JSON.stringify(judge)}\n`;
