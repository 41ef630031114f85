import { Email } from '#domain/notifications/email/email.ts';
import type { TemplateName } from '#domain/notifications/email/templates.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { draftOf } from '../mail-within.ts';
import type { EmailDeps } from '../ports.ts';
import { SAMPLES } from '../samples.ts';

export type SendTest = { readonly to: string; readonly template: TemplateName };
type Deps = Pick<EmailDeps, 'uow' | 'vault' | 'digest' | 'clock' | 'ids' | 'trace'>;

/** Has one mail sent, of any template, with facts that are nobody's: whether mail works, and how it looks where it arrives. */
export const sendTest =
  (deps: Deps) =>
  async ({ to, template }: SendTest, actor: Actor): Promise<Result<Email, never>> => {
    const at = deps.clock.now();
    const draft = draftOf(
      { key: `test:${deps.ids.next()}`, to, template, facts: { ...SAMPLES[template], isTest: true, by: nameOf(actor) } },
      deps,
      at,
    );
    const { state, events } = Email.queue({ ...draft, priority: 'urgent' }, at);
    const asked = { type: 'notifications.test_email_asked', emailId: draft.id, template, at } as const;
    return deps.uow.run(actor, async ({ emails }) => {
      await emails.add([{ state, events: [...events, asked] }]);
      return ok(state);
    });
  };
