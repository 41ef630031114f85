import type { EmailErrorOf } from '#domain/notifications/email/errors.ts';
import { Sending } from '#domain/notifications/email/sending.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import type { EmailDeps } from '../ports.ts';

type TurnSending = { readonly isPaused: boolean; readonly reason: string | null };

/** Pauses or resumes mail on every node: each reads the switch in the transaction that takes mail. */
export const turnSending =
  ({ uow, clock }: Pick<EmailDeps, 'uow' | 'clock'>) =>
  ({ isPaused, reason }: TurnSending, actor: Actor): Promise<Result<Sending, EmailErrorOf<'notifications.sending_unchanged'>>> =>
    uow.run(actor, async ({ sending }) => {
      const turned = Sending.turn(await sending.read(), isPaused, reason, clock.now());
      if (!turned.ok) return turned;
      await sending.save(turned.value);
      return ok(turned.value.state);
    });
