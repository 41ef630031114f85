import { type Html, html } from '../pages/layout.ts';
import { sheet } from '../pages/sheet.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';

/** Why a browser comes back from a provider with nothing. */
export const EXTERNAL_FAILURES = [
  'identity.external_ticket_invalid',
  'identity.external_state_invalid',
  'identity.external_denied',
  'identity.external_proof_invalid',
  'identity.external_unavailable',
] as const;
export type ExternalFailure = (typeof EXTERNAL_FAILURES)[number];

/** Where people arrive in an installation that has no app of its own for it. */
export const externalPage = (failure: ExternalFailure | undefined): Html => {
  if (failure === undefined)
    return sheet({
      title: 'Nearly done',
      tone: 'open',
      main: html`<p>The provider has told us who you are. The app that sent you there has to finish it: go back to it, and begin again if it does not go on by itself.</p>`,
    });
  const { title, detail } = IDENTITY_PROBLEMS[failure];
  return sheet({ title, tone: failure === 'identity.external_unavailable' ? 'open' : 'bad', main: html`<p>${String(detail)}</p>` });
};
