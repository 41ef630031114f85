import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { BadUsage } from './options.ts';

const Numbers = z.array(z.number());
const TreeShape = z.strictObject({ features: Numbers, thresholds: Numbers, lefts: Numbers, rights: Numbers, values: Numbers });
const MemberShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('logistic'), bias: z.number(), centres: Numbers, scales: Numbers, weights: Numbers }),
  z.strictObject({ kind: z.literal('boosted'), bias: z.number(), trees: z.array(TreeShape) }),
]);
const ModelShape = z.strictObject({
  version: z.string().min(1),
  featureNames: z.array(z.string().min(1)),
  members: z.array(z.strictObject({ share: z.number(), member: MemberShape })),
  calibration: z.strictObject({ intercept: z.number(), slope: z.number() }),
  trainedOn: z.strictObject({ from: z.number(), until: z.number(), rows: z.number(), frauds: z.number() }),
  seed: z.number(),
});

export const writeModel = (file: string, model: FraudModel): Promise<void> => writeFile(file, `${JSON.stringify(model)}\n`);

export async function readModel(file: string): Promise<FraudModel> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BadUsage(`--model ${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  const shaped = ModelShape.safeParse(jsonOf(text));
  if (!shaped.success) throw new BadUsage(`--model ${file}: it is not a model (${shaped.error.issues[0]?.path.join('/') || 'not JSON'})`);
  const checked = FraudModel.check(shaped.data);
  if (!checked.ok) throw new BadUsage(`--model ${file}: ${checked.error.at} of the model is broken`);
  return checked.value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
