import type { EmailError } from '#domain/notifications/email/errors.ts';
import type { Problems } from '../../problem.ts';

export const EMAIL_PROBLEMS: Problems<EmailError> = {
  'notifications.email_not_found': {
    status: 404,
    title: 'There is no such mail',
    detail: 'Check emailId; GET /admin/emails lists them. Mail that ended is forgotten after a month.',
  },
  'notifications.email_not_failed': {
    status: 409,
    title: 'The mail has not failed',
    detail: ({ emailStatus }) => `It is ${emailStatus}. Only mail that has failed is tried again.`,
  },
  'notifications.email_gone': {
    status: 409,
    title: 'The mail is of no more use',
    detail: 'It expired, or its text cannot be read any more. Have a new one made by what it was about.',
  },
  'notifications.field_unknown': {
    status: 422,
    title: 'The text asks for a field that somebody has not got',
    detail: ({ field }) => `Give every recipient a field ${field}, or take {{${field}}} out of the text. {{name}} is always there.`,
  },
  'notifications.idempotency_key_reused': {
    status: 422,
    title: 'The key was used for something else',
    detail: 'This Idempotency-Key came with another body before. Choose a new one.',
  },
  'notifications.request_in_progress': {
    status: 409,
    title: 'The same request is under way',
    detail: 'Ask again in a moment with the same Idempotency-Key, and you get its answer.',
  },
  'notifications.suppression_exists': {
    status: 409,
    title: 'The address is not written to already',
    detail: ({ suppressionId, reason }) => `Entry ${suppressionId} says so: ${reason}. Remove it first to change it.`,
  },
  'notifications.suppression_not_found': { status: 404, title: 'There is no such entry', detail: 'Check suppressionId; it may have been removed.' },
  'notifications.sending_unchanged': {
    status: 409,
    title: 'It is so already',
    detail: ({ isPaused }) => (isPaused ? 'Mail is paused; nothing was changed.' : 'Mail is being sent; nothing was changed.'),
  },
};
