import { invariant } from '../../shared/invariant.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { Tree } from './tree.ts';

/** Feature values in the order of the model's names, all finite. */
export type FeatureVector = ArrayLike<number>;

/** `bias + sum of weight * (value - centre) / scale` over the features. */
export type LogisticMember = {
  readonly kind: 'logistic';
  readonly bias: number;
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  readonly weights: readonly number[];
};

/** `bias + sum of what the trees answer`. */
export type BoostedMember = { readonly kind: 'boosted'; readonly bias: number; readonly trees: readonly Tree[] };

/** What one learner learned: a sum over features, in log-odds. */
export type Member = LogisticMember | BoostedMember;

/** From the members' mean log-odds to those that were observed: `intercept + slope * logit`. The slope is above 0, so no order changes. */
export type Calibration = { readonly intercept: number; readonly slope: number };

/** Seconds or milliseconds, as the payments it was trained on count them; `until` is exclusive. */
export type TrainingWindow = { readonly from: number; readonly until: number; readonly rows: number; readonly frauds: number };

/** A trained model: plain data that survives JSON, and all that is needed to score and to explain. */
export type FraudModel = {
  readonly version: string;
  readonly featureNames: readonly string[];
  readonly members: readonly { readonly share: number; readonly member: Member }[];
  readonly calibration: Calibration;
  readonly trainedOn: TrainingWindow;
  readonly seed: number;
};

/** `bias` and the contributions, one a feature, sum to `logit`; `probability` is its logistic. */
export type FraudScore = {
  readonly logit: number;
  readonly probability: number;
  readonly bias: number;
  readonly contributions: readonly number[];
};

export type MalformedModel = { readonly code: 'fraud.malformed_model'; readonly at: string };

export const probabilityOf = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Scores a vector and says which feature moved the score, and how far. */
function score(model: FraudModel, vector: FeatureVector): FraudScore {
  requireFitting(model, vector);
  const { slope, intercept } = model.calibration;
  const contributions = new Array<number>(model.featureNames.length).fill(0);
  let bias = intercept + 0; // JSON knows no -0, and a model that was kept must answer as it did.
  for (const { share, member } of model.members) bias += explain(member, vector, share * slope, contributions);
  let sum = bias;
  for (const contribution of contributions) sum += contribution;
  return { logit: sum, probability: probabilityOf(sum), bias, contributions };
}

/** The same log-odds without the explanation, up to rounding. */
function logit(model: FraudModel, vector: FeatureVector): number {
  let sum = 0;
  for (const { share, member } of model.members) sum += share * memberLogit(member, vector);
  return model.calibration.intercept + model.calibration.slope * sum;
}

/** What one member thinks, in log-odds. */
export function memberLogit(member: Member, vector: FeatureVector): number {
  let sum = member.bias;
  if (member.kind === 'boosted') {
    for (const tree of member.trees) sum += Tree.answer(tree, vector);
    return sum;
  }
  const { centres, scales, weights } = member;
  for (let i = 0; i < weights.length; i++) {
    sum += ((weights[i] as number) * ((vector[i] as number) - (centres[i] as number))) / (scales[i] as number);
  }
  return sum;
}

/** Adds the member's contributions, times `weight`, to those given; answers its share of the bias. */
function explain(member: Member, vector: FeatureVector, weight: number, contributions: number[]): number {
  let bias = member.bias;
  if (member.kind === 'boosted') {
    for (const tree of member.trees) {
      Tree.attribute(tree, vector, weight, contributions);
      bias += tree.values[0] as number;
    }
    return weight * bias;
  }
  const { centres, scales, weights } = member;
  for (let i = 0; i < weights.length; i++) {
    const value = ((weights[i] as number) * ((vector[i] as number) - (centres[i] as number))) / (scales[i] as number);
    contributions[i] = (contributions[i] as number) + weight * value;
  }
  return weight * bias;
}

function requireFitting({ featureNames }: FraudModel, vector: FeatureVector): void {
  invariant(vector.length === featureNames.length, `the model wants ${featureNames.length} features, got ${vector.length}`);
  for (let i = 0; i < vector.length; i++) invariant(Number.isFinite(vector[i]), `feature ${featureNames[i]} is not a number: ${vector[i]}`);
}

/** Admits a model that has the right shape but came from outside, or says where it is wrong. */
function check(model: FraudModel): Result<FraudModel, MalformedModel> {
  const wrong = (at: string) => err({ code: 'fraud.malformed_model', at } as const);
  const size = model.featureNames.length;
  if (size === 0 || new Set(model.featureNames).size !== size) return wrong('featureNames');
  if (!Number.isFinite(model.calibration.intercept) || !Number.isFinite(model.calibration.slope) || model.calibration.slope <= 0)
    return wrong('calibration');
  if (model.members.length === 0) return wrong('members');
  const broken = model.members.findIndex(({ share, member }) => !Number.isFinite(share) || share < 0 || !isSound(member, size));
  return broken === -1 ? ok(model) : wrong(`members/${broken}`);
}

function isSound(member: Member, size: number): boolean {
  if (!Number.isFinite(member.bias)) return false;
  if (member.kind === 'boosted') return member.trees.every((tree) => Tree.isSound(tree, size));
  return (
    [member.centres, member.scales, member.weights].every((column) => column.length === size && column.every(Number.isFinite)) &&
    member.scales.every((scale) => scale > 0)
  );
}

/** Gives a model its version: the same for the same content (FNV-1a over its JSON). */
function seal(model: Omit<FraudModel, 'version'>): FraudModel {
  const text = JSON.stringify(model);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return { version: (hash >>> 0).toString(16).padStart(8, '0'), ...model };
}

export const FraudModel = { score, logit, check, seal };
