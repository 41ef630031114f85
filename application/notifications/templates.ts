/** What fills a template in. `name` is in all of them. */
export type Facts = Readonly<Record<string, string>>;
type Part = string | { readonly link: string; readonly label: string };
type Template = { readonly subject: string; body(facts: Facts): readonly Part[] };

const IGNORE = 'If this was not you, you can leave this mail alone: nothing changes.';
const ALARM = 'If this was not you, set a new password at once: somebody else may know the one you have.';
const fact = (facts: Facts, name: string): string => facts[name] ?? '';

const TEMPLATES = {
  verify_email: {
    subject: 'Welcome: please confirm your e-mail address',
    body: (facts) => [
      'Welcome! One step is left: confirm that this is your address. The link works once, for a day.',
      { link: fact(facts, 'link'), label: 'Confirm my address' },
      IGNORE,
    ],
  },
  reset_password: {
    subject: 'Set a new password',
    body: (facts) => [
      `Somebody, probably you, asked for a new password for your account. The link works once, for ${fact(facts, 'minutes')} minutes.`,
      { link: fact(facts, 'link'), label: 'Set a new password' },
      IGNORE,
    ],
  },
  password_changed: {
    subject: 'Your password was changed',
    body: (facts) => [
      facts['how'] === 'reset'
        ? `Your password was set anew with a link from a mail, at ${fact(facts, 'at')}. You were signed out everywhere.`
        : `Your password was changed at ${fact(facts, 'at')}. You were signed out everywhere else.`,
      ALARM,
    ],
  },
  confirm_new_email: {
    subject: 'Please confirm your new e-mail address',
    body: (facts) => [
      'This address is to become that of your account. The link works once, for an hour.',
      { link: fact(facts, 'link'), label: 'Use this address' },
      IGNORE,
    ],
  },
  email_change_asked: {
    subject: 'Your e-mail address is about to change',
    body: (facts) => [`Your account is to have the address ${fact(facts, 'newEmail')}. It changes when that is confirmed there.`, ALARM],
  },
  email_changed: {
    subject: 'Your e-mail address was changed',
    body: (facts) => [
      `Your account has the address ${fact(facts, 'newEmail')} from now on. For three days you can take that back:`,
      { link: fact(facts, 'undoLink'), label: 'Take it back' },
      'Taking it back signs everybody out and sends you a link for a new password.',
    ],
  },
  money_back: {
    subject: 'Your money is on its way back',
    body: (facts) => [
      fact(facts, 'why'),
      `${fact(facts, 'amount')} goes back to where it came from. Banks take some days to show it; you need do nothing.`,
    ],
  },
  invitation: {
    subject: 'You are invited to work with a restaurant',
    body: (facts) => [
      `${plainName(fact(facts, 'restaurant'), 'A restaurant')} invites you to work there as ${plainName(fact(facts, 'role'), 'one of the staff')}. The link works once, for ${fact(facts, 'hours')} hours.`,
      { link: fact(facts, 'link'), label: 'Take up the invitation' },
      'Sign in with the account that has this address, or make one with the link. If you do not know them, you can leave this mail alone: nothing changes.',
    ],
  },
  security_notice: {
    subject: 'A change to the security of your account',
    body: (facts) => [fact(facts, 'what'), ALARM],
  },
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as readonly TemplateName[];

/** A mail as text and as HTML; undefined for a template there is not. */
export function render(name: string, facts: Facts): { readonly subject: string; readonly text: string; readonly html: string } | undefined {
  const template: Template | undefined = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name as TemplateName] : undefined;
  if (!template) return undefined;
  const parts: readonly Part[] = [`Hello ${plainName(fact(facts, 'name'))},`, ...template.body(facts)];
  const text = parts.map((part) => (typeof part === 'string' ? part : part.link)).join('\n\n');
  const html = parts.map((part) => `<p>${typeof part === 'string' ? escaped(part) : anchor(part)}</p>`).join('\n');
  return { subject: template.subject, text: `${text}\n`, html: `<!doctype html>\n<html lang="en"><body>\n${html}\n</body></html>\n` };
}

/** A name that leads nowhere: whoever registers somebody else's address chooses what that person reads first. */
export function plainName(name: string, otherwise = 'there'): string {
  const words = name.split(/\s+/).filter((word) => !/[/\\:@]|www|\p{L}\.\p{L}{2,}/iu.test(word.normalize('NFKC')));
  return words.join(' ').slice(0, 80).trim() || otherwise;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
const anchor = ({ link, label }: { readonly link: string; readonly label: string }): string =>
  `<a href="${escaped(link)}">${escaped(label)}</a><br><small>${escaped(link)}</small>`;
