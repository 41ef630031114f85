import type { Fraud } from '#application/fraud/module.ts';
import type { AnyRoute } from '../route.ts';
import { decisionRoutes } from './decision-routes.ts';
import { listRoutes } from './list-routes.ts';
import { reviewRoutes } from './review-routes.ts';

/** For who runs a restaurant or the platform. No customer is ever told any of it. */
export const fraudRoutes = (fraud: Fraud): readonly AnyRoute[] => [...reviewRoutes(fraud), ...decisionRoutes(fraud), ...listRoutes(fraud)];
