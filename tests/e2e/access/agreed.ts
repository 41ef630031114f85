import type { AnyRoute } from '#adapters/http/route.ts';
import type { Permission } from '#domain/shared/actor.ts';

/** What people agreed on, apart from what the routes say of themselves: this is what finds a route that says the wrong thing. */

/** Whose permissions guard what, by the first fixed segment after the restaurant, or of the path. A new area is agreed on here. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  '': ['restaurants'],
  staff: ['staff'],
  roles: ['staff'],
  invitations: ['staff'],
  'api-keys': ['keys'],
  menu: ['menu'],
  'stock-items': ['stock'],
  'stock-levels': ['stock'],
  'stock-movements': ['stock'],
  reservations: ['stock'],
  recipes: ['stock'],
  orders: ['orders'],
  payments: ['payments', 'disputes', 'platform'],
  disputes: ['payments'],
  ledger: ['ledger'],
  balances: ['ledger'],
  settlements: ['ledger'],
  'payment-exceptions': ['ledger'],
  'payout-account': ['payouts'],
  payouts: ['payouts'],
  fraud: ['fraud'],
  support: ['support'],
  conversations: ['orders'],
  webhooks: ['webhooks'],
  audit: ['audit'],
  admin: ['platform', 'emails'],
  health: ['platform'],
};

/** What anybody may do, token or not. */
const PUBLIC = new Set(
  `register login answerChallenge refresh verifyEmail resendVerification requestPasswordReset resetPassword confirmEmail undoEmail
   beginPasskeySignIn signInWithPasskey listRestaurants getRestaurant getMenu getMenuItem getMenuItemAvailability quoteOrder returnFromCheckout
   postFromCheckout receiveRazorpayWebhook receiveWebhook
   listWebhookEvents providers beginExternalSignIn startExternal returnFromProvider signInExternally externalPage
   askToUnsubscribe unsubscribe getPushKey trackOrder`.split(/\s+/),
);

/** What whoever is signed in may ask for; behind it a thing is its customer's, or of whoever holds this permission where it belongs. */
export const OWN: Readonly<Record<string, Permission | 'anybody' | 'owners'>> = {
  openRestaurant: 'owners',
  placeOrder: 'anybody',
  acceptInvitation: 'anybody',
  logout: 'anybody',
  getOrder: 'orders:read',
  getOrderHistory: 'orders:read',
  payOrder: 'payments:take',
  confirmPayment: 'payments:read',
  getPayment: 'payments:read',
  listOrderPayments: 'payments:read',
  listRefunds: 'payments:read',
  getOrderTracking: 'orders:read',
  postOrderMessage: 'orders:read',
  listOrderMessages: 'orders:read',
  markOrderMessagesRead: 'orders:read',
  openTicket: 'anybody',
  getTicket: 'support:read',
  writeToTicket: 'support:write',
  listTicketMessages: 'support:read',
  markTicketMessagesRead: 'support:read',
};

/** What customers do with what is theirs, too, besides whoever holds the permission. */
export const CUSTOMERS_TOO = new Set(['cancellationOfOrder']);

/** What a change of things may never take: a permission to look at them. */
const LOOKING = /:read$/;

/** What asks in a body, so that no address stands in a log of addresses; it changes nothing. */
const QUESTIONS = new Set(['digestRecipient']);

const areaOf = (path: string): string => path.replace(/^\/restaurants\/\{restaurantId\}/, '').split('/')[1] ?? '';

/** What is wrong with what a route says of who may call it, by what was agreed. */
export function disagreement({ access, operationId, path, method }: AnyRoute): string | undefined {
  if (access === 'public') return PUBLIC.has(operationId) ? undefined : `${operationId} is open to anybody`;
  if (access === 'authenticated') return path.startsWith('/me') || operationId in OWN ? undefined : `${operationId} is open to whoever is signed in`;
  if (PUBLIC.has(operationId) || operationId in OWN) return `${operationId} takes ${access.permission}, and should be open`;
  const area = areaOf(path);
  const nouns = AREAS[area];
  if (!nouns) return `${operationId}: nobody agreed on whose permissions guard ${path}; say it in AREAS`;
  const [noun = '', verb] = access.permission.split(':');
  if (!nouns.includes(noun)) return `${operationId} takes ${access.permission}, which is not of ${path}`;
  if (method !== 'get' && !QUESTIONS.has(operationId) && (LOOKING.test(access.permission) || verb === 'read'))
    return `${operationId} changes something with ${access.permission}`;
  return undefined;
}
