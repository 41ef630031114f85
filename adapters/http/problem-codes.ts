import { HTTP_PROBLEMS, type HttpError, type Problem, type ProblemTable } from './problem.ts';
import { detailsOf } from './problem-detail.ts';
import { takesBody } from './request.ts';
import { type AnyRoute, isPermission } from './route.ts';

export type ProblemEntry = {
  readonly code: string;
  /** The part before the dot: whose refusal it is. */
  readonly module: string;
  readonly status: number;
  readonly title: string;
  /** What the detail may say; where it depends on the case, `<fact>` stands for what the answer fills in. */
  readonly details: readonly string[];
  /** The operations that can answer it; none for what the edge answers at addresses of its own. */
  readonly operations: readonly string[];
};

/** What the edge itself can answer on a route, before or instead of its module. */
export function edgeCodes(spec: AnyRoute): readonly HttpError['code'][] {
  const { access, method, bytes, problems } = spec;
  const isRoleNeeded = (typeof access === 'object' && access.in !== 'resource') || Object.keys(problems).some(isPermission);
  return [
    'http.invalid_request', // Even where nothing is taken: an unknown query parameter is refused.
    ...(takesBody(spec) ? (['http.malformed_json', 'http.body_too_large'] as const) : []),
    ...(takesBody(spec) && !bytes ? (['http.unsupported_media_type'] as const) : []),
    ...(access === 'public' ? [] : (['http.unauthenticated'] as const)),
    ...(access === 'authenticated' ? (['http.person_required'] as const) : []),
    ...(typeof access === 'object' && access.in !== 'resource' ? (['http.forbidden'] as const) : []),
    ...(isRoleNeeded ? (['http.second_factor_required'] as const) : []),
    ...(typeof access === 'object' && access.in === 'restaurant' ? (['http.not_found'] as const) : []),
    'http.too_many_requests',
    ...(method === 'get' ? [] : (['http.write_conflict'] as const)),
    'http.internal',
    'http.unavailable',
  ];
}

/** Every problem an operation can answer with, by code. */
export const problemsOf = (spec: AnyRoute): ProblemTable => ({
  ...(Object.fromEntries(edgeCodes(spec).map((code) => [code, HTTP_PROBLEMS[code]])) as ProblemTable),
  ...spec.problems,
});

/** Every problem there is, the edge's own first and then module by module. Throws when one code has two meanings. */
export function problemEntries(routes: readonly AnyRoute[]): readonly ProblemEntry[] {
  const known = new Map<string, { readonly problem: Problem<never>; readonly operations: string[] }>();
  for (const [code, problem] of Object.entries(HTTP_PROBLEMS as ProblemTable)) known.set(code, { problem, operations: [] });
  for (const spec of routes) {
    for (const [code, problem] of Object.entries(problemsOf(spec))) {
      const entry = known.get(code) ?? { problem, operations: [] };
      if (entry.problem.status !== problem.status || entry.problem.title !== problem.title) throw new Error(`${code} has two meanings`);
      entry.operations.push(spec.operationId);
      known.set(code, entry);
    }
  }
  return [...known]
    .map(([code, { problem, operations }]) => {
      const { status, title } = problem;
      return { code, module: code.split('.', 1)[0] as string, status, title, details: detailsOf(problem), operations };
    })
    .sort((a, b) => Number(b.module === 'http') - Number(a.module === 'http') || (a.code < b.code ? -1 : 1));
}
