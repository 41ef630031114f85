import { type Html, html, inline, page } from './layout.ts';

/** A number of `/metrics`, as it says of itself. */
export type Watched = { readonly name: string; readonly help: string; readonly type: string; readonly labels: readonly string[] };

type Alarm = { readonly when: string; readonly query: string; readonly remedy: string };

/** What should wake somebody up, and what to do about it. */
export const ALARMS: readonly Alarm[] = [
  {
    when: 'More than one request in a hundred fails',
    query:
      'sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / sum(rate(http_server_request_duration_seconds_count[5m])) > 0.01',
    remedy: 'Look for `request failed` in the log: each line has its trace and the stack of the error.',
  },
  {
    when: 'One request in a hundred takes longer than a second',
    query: 'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m]))) > 1',
    remedy: 'Look for `slow request`: each says how many statements it sent, and how long it waited for the database and for Redis.',
  },
  {
    when: 'Requests wait for a connection to the database',
    query: 'db_client_connection_pending_requests > 0 and on () db_client_connections{db_client_connection_state="idle"} == 0',
    remedy:
      'Statements are slow, or there are too few connections: compare `db_client_operation_duration_seconds` before you raise `DATABASE_POOL_MAX`.',
  },
  {
    when: 'A subscription is a minute behind',
    query: 'thali_subscription_lag_seconds > 60',
    remedy: '`npm run events -- lag` says which and by how much. Mail, ledgers and reports are late; orders are not.',
  },
  {
    when: 'Events wait for a person',
    query: 'thali_subscription_parked_events > 0',
    remedy: 'Eight attempts failed. Read why in the log, mend it, then `npm run events -- unpark NAME`.',
  },
  {
    when: 'A job fails again and again',
    query: 'increase(thali_job_runs_total{outcome="failed"}[1h]) > 3',
    remedy: 'Look for `a job failed` in the log. What it did not do it will make up for.',
  },
  {
    when: 'The process does nothing for a tenth of a second at a time',
    query: 'nodejs_eventloop_lag_p99_seconds > 0.1',
    remedy: 'Something computes too long. Add a process, or move to a database server if this is the embedded one.',
  },
  {
    when: 'The cache saves little',
    query: 'thali_cache_hit_ratio{namespace="menus"} < 0.5 and on (namespace) thali_cache_misses_total > 1000',
    remedy: 'Menus change all the time, or more restaurants are asked for than are kept: see `thali_cache_entries`.',
  },
];

/** What to watch of a process, and what each of its numbers means: as they are registered, so that none is missing. */
export function operationsPage(watched: readonly Watched[], version: string): Html {
  const groups = [...Map.groupBy(watched, ({ name }) => groupOf(name))].toSorted(([a], [b]) => GROUPS.indexOf(a) - GROUPS.indexOf(b));
  const side = html`<p class="all"><a href="#main">Operations</a></p>
<section><h2><a href="#alarms">What to watch</a></h2></section>
${groups.map(([group, members]) => html`<section><h2><a href="#${anchor(group)}">${group}</a></h2><ul>${members.map(({ name }) => html`<li><a href="#${name}"><span>${broken(name)}</span></a></li>`)}</ul></section>`)}`;
  const main = html`<section class="start"><div class="words">
<h1>Operations</h1>
<p class="lead">${inline('What to watch of a process, and what its numbers at `/metrics` mean.')}</p>
<p>${inline('Whether it lives is at `/health/live`, whether to send it work at `/health/ready`, what it depends on at /health. The log is a line of JSON a request, on standard output or in `LOG_FILE`.')}</p>
</div></section>
<section class="tag" id="alarms"><h2>What to watch</h2>${ALARMS.map(alarm)}</section>
${groups.map(([group, members]) => html`<section class="tag" id="${anchor(group)}"><h2>${group}</h2>${members.map(entry)}</section>`)}`;
  return page({ title: 'Thali: operations', path: '/docs/operations', version, side, main });
}

const GROUPS = ['Requests', 'Database', 'Thali', 'Process'];
function groupOf(name: string): string {
  if (name.startsWith('http_')) return 'Requests';
  if (name.startsWith('db_')) return 'Database';
  return name.startsWith('thali_') ? 'Thali' : 'Process';
}
const anchor = (group: string): string => `group-${group.toLowerCase()}`;
const broken = (name: string) => name.split('_').map((word, i) => html`${i > 0 ? html`_<wbr>` : ''}${word}`);

const alarm = ({ when, query, remedy }: Alarm): Html => html`<article class="problem">
<h3>${when}</h3>
<pre class="said"><code>${query}</code></pre>
<p>${inline(remedy)}</p>
</article>`;

const entry = ({ name, help, type, labels }: Watched): Html => html`<article class="problem" id="${name}">
<h3><a href="#${name}"><code>${name}</code></a></h3>
<p>${help}.</p>
<p class="from">A ${type}${labels.length > 0 ? html`, by ${labels.map((label, i) => html`${i > 0 ? ', ' : ''}<code>${label}</code>`)}` : ''}.</p>
</article>`;
