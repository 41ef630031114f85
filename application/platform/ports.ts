import type { EventLog } from '../shared/event-log.ts';
import type { JobRequests } from '../shared/job.ts';
import type { Clock, Ids } from '../shared/ports.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { EventQueries, LogControl } from './events.ts';
import type { JobControl, JobQueries } from './jobs.ts';
import type { Terms } from './leadership.ts';
import type { LostNodes, Nodes } from './nodes.ts';
import type { Journal } from './note-bypass.ts';
import type { RangeReplays } from './range-replays.ts';

export type OperationsTx = {
  readonly journal: Journal;
  readonly jobs: JobRequests;
  readonly jobControl: JobControl;
  readonly logControl: LogControl;
  readonly lostNodes: LostNodes;
  readonly terms: Terms;
};

export type OperationsDeps = {
  readonly uow: UnitOfWork<OperationsTx>;
  readonly jobs: JobQueries;
  readonly events: EventQueries;
  readonly replays: RangeReplays;
  readonly eventLog: Pick<EventLog, 'lag'>;
  readonly nodes: Nodes;
  readonly clock: Clock;
  readonly ids: Ids;
};
