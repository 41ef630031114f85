import type { Facts } from '#application/notifications/email/ports.ts';
import { plainName, plainText } from '#domain/notifications/email/plain-text.ts';
import type { TemplateName } from '#domain/notifications/email/templates.ts';

type View = Record<string, unknown>;

/** What people chose or wrote, by the name of the fact: it may stand in a mail to others, but leads nowhere from there. */
const WRITTEN_BY_PEOPLE: Readonly<Record<string, number>> = { restaurant: 80, role: 40, reason: 300, note: 300, body: 300, address: 120 };
/** Facts that are links: they lead to the web, or are left out. */
const LINKS = ['link', 'undoLink', 'unsubscribeUrl'];
/** Facts that are yes or no, lists of groups, and lists of words; all others are words. */
const FLAGS = ['isDelivery', 'isTaxIncluded', 'wasPaid', 'isOut', 'isGone', 'isTest'];
const GROUPS = ['lines', 'modifiers', 'taxes', 'items'];
const TEXTS = ['address', 'paragraphs'];
const LIST_MAX = 100;
const TEXT_MAX = 5_000;
const DEPTH_MAX = 3;

/** The facts of a mail as a template may use them, whatever they hold: safe to show, and with what can be derived from them. */
export function viewOf(template: TemplateName, facts: Facts, brand: string): View {
  const view = safeGroup(facts, 0);
  const name = plainName(text(facts['name']));
  const restaurant = text(view['restaurant']);
  const sender = restaurant || brand;
  return {
    ...view,
    name,
    brand,
    sender,
    initial: ([...sender][0] ?? '').toUpperCase(),
    eyebrow: text(view['number']) && `Order ${text(view['number'])}`,
    at: instantText(text(view['at'])),
    isReset: view['how'] === 'reset',
    place: list(view['address'])[0],
    paidDetail: [text(view['method']), text(view['at'])].filter(Boolean).join(' · '),
    opening: text(list(view['paragraphs'])[0]),
    first: text((list(view['items'])[0] as View | undefined)?.['name']),
    others: Math.max(0, list(view['items']).length - 1) || '',
    taxes: list(view['taxes']).map((tax) => ({ ...(tax as View), taxLabel: taxLabel(tax as View, view['isTaxIncluded'] === true) })),
    rows: rowsOf(view),
    steps: stepsOf(template, view),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
/** An instant on the wire as people read it; every other text stays as it is. */
const instantText = (value: string): string => value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const taxLabel = ({ name, percent }: View, isIncluded: boolean): string => `${isIncluded ? 'including ' : ''}${text(name)} ${text(percent)}`.trim();

function safe(key: string, value: unknown, depth: number): unknown {
  if (FLAGS.includes(key)) return value === true;
  if (GROUPS.includes(key)) {
    return list(value)
      .slice(0, LIST_MAX)
      .flatMap((one) => (one !== null && typeof one === 'object' && depth < DEPTH_MAX ? [safeGroup(one as Facts, depth + 1)] : []));
  }
  if (TEXTS.includes(key))
    return list(value)
      .slice(0, LIST_MAX)
      .map((one) => safeText(key, text(one)))
      .filter((one) => one !== '');
  return safeText(key, text(value));
}

const safeGroup = (facts: Facts, depth: number): View =>
  Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, safe(key, value, depth)]));

function safeText(key: string, value: string): string {
  if (LINKS.includes(key)) return isWebLink(value) ? value : '';
  const max = key === 'name' ? 80 : WRITTEN_BY_PEOPLE[key];
  return max === undefined ? value.slice(0, TEXT_MAX) : plainText(value, max);
}

const isWebLink = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[\s<>"]/.test(value);

/** What else there is to know of an order, as rows. */
function rowsOf(view: View): readonly { readonly label: string; readonly values: readonly string[] }[] {
  const rows = [
    { label: 'Order', values: [text(view['number'])] },
    { label: 'Placed', values: [text(view['placedAt'])] },
    { label: 'For', values: [text(view['scheduledFor'])] },
    { label: 'Service', values: [text(view['dining'])] },
    { label: 'To', values: list(view['address']).map(text) },
    { label: 'Payment', values: [text(view['payment'])] },
    { label: 'Reference', values: [text(view['reference'])] },
  ];
  return rows.map(({ label, values }) => ({ label, values: values.filter(Boolean) })).filter(({ values }) => values.length > 0);
}

const REACHED: Partial<Record<TemplateName, number>> = {
  order_confirmation: 0,
  order_accepted: 1,
  order_ready: 2,
  order_out_for_delivery: 2,
  order_completed: 3,
};

/** How far an order has come; nothing where it goes no further. */
function stepsOf(template: TemplateName, view: View) {
  const reached = REACHED[template];
  if (reached === undefined) return undefined;
  const labels = ['Placed', 'Accepted', view['isDelivery'] === true ? 'On its way' : 'Ready', view['isDelivery'] === true ? 'Delivered' : 'Complete'];
  return labels.map((label, i) => ({ label, isDone: i <= reached, isNow: i === reached, isFirst: i === 0 }));
}
