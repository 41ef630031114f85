import type { TemplateName } from '#domain/notifications/email/templates.ts';
import type { Facts } from './ports.ts';

const ORDER = {
  name: 'Meera',
  restaurant: 'Annapurna Kitchen',
  number: '#0042',
  link: 'https://thali.example/track/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a20',
  placedAt: 'Sat, 21 Nov, 1:05 pm IST',
  at: 'Sat, 21 Nov, 1:06 pm IST',
  dining: 'Delivery',
  isDelivery: true,
  payment: 'Online',
  wasPaid: true,
  lines: [
    {
      quantity: '2',
      name: 'Annapurna Thali',
      modifiers: [{ name: 'Large' }, { name: 'Extra ghee', times: '× 2' }],
      note: 'Less spicy, please',
      amount: '₹560.00',
    },
    { quantity: '1', name: 'Dal Makhani', modifiers: [], amount: '₹189.00' },
    { quantity: '3', name: 'Masala Chai', modifiers: [{ name: 'Jaggery' }], amount: '₹90.00' },
  ],
  subtotal: '₹839.00',
  taxes: [
    { name: 'CGST', percent: '2.5%', amount: '₹20.98' },
    { name: 'SGST', percent: '2.5%', amount: '₹20.98' },
  ],
  isTaxIncluded: false,
  tip: '₹40.00',
  rounding: '₹0.04',
  total: '₹921.00',
  address: ['14 Lotus Apartments', 'Near Nehru Park', 'Pune 411001'],
} as const;
const BULK = {
  name: 'Meera',
  heading: 'We are closed on Diwali',
  paragraphs: [
    'Our kitchen rests on Sunday and Monday, so that everybody can be at home for the festival.',
    'Meals of your plan that fall on these days are moved to the end of it; you need do nothing.',
  ],
};

/** Facts that are nobody's, to try every mail with. */
export const SAMPLES: Readonly<Record<TemplateName, Facts>> = {
  verify_email: { name: 'Meera', link: 'https://thali.example/verify-email#token=ve_sample.sample' },
  already_registered: { name: 'Meera' },
  reset_password: { name: 'Meera', link: 'https://thali.example/reset-password#token=pr_sample.sample', minutes: '60' },
  confirm_new_email: { name: 'Meera', link: 'https://thali.example/confirm-email#token=ce_sample.sample' },
  email_changed: { name: 'Meera', newEmail: 'm•••a@e•••e.com', undoLink: 'https://thali.example/undo-email#token=ue_sample.sample' },
  email_change_asked: { name: 'Meera', newEmail: 'm•••a@e•••e.com' },
  password_changed: { name: 'Meera', how: 'reset', at: '2026-11-21T10:30:00.000Z' },
  security_notice: { name: 'Meera', what: 'A passkey was added: it signs in without your password.' },
  welcome: { name: 'Meera', link: 'https://thali.example' },
  staff_added: { name: 'Ravi', restaurant: 'Annapurna Kitchen', role: 'a manager', link: 'https://partners.thali.example' },
  invitation: { restaurant: 'Annapurna Kitchen', role: 'manager', hours: '72', link: 'https://partners.thali.example/invitation#token=sample' },
  order_confirmation: ORDER,
  order_accepted: ORDER,
  order_ready: { ...ORDER, dining: 'Pick-up', isDelivery: false, address: undefined },
  order_out_for_delivery: ORDER,
  order_completed: ORDER,
  order_rejected: { ...ORDER, reason: 'The tandoor is down today' },
  order_cancelled: { ...ORDER, reason: 'Ordered twice by mistake' },
  order_expired: { ...ORDER, wasPaid: false },
  receipt: { ...ORDER, amount: '₹921.00', method: 'UPI', reference: 'pay_SampleReceipt01' },
  refund: { ...ORDER, amount: '₹189.00', reference: 'rfnd_SampleRefund01' },
  money_back: { ...ORDER, amount: '₹921.00', why: 'The restaurant could not take your order.' },
  low_stock: {
    name: 'Ravi',
    restaurant: 'Annapurna Kitchen',
    at: 'Sat, 21 Nov, 1:05 pm IST',
    isOut: true,
    items: [
      { name: 'Basmati rice', left: '2.4 kg', threshold: '5 kg', isOut: false },
      { name: 'Paneer', left: '0 kg', threshold: '1 kg', isOut: true },
    ],
  },
  webhook_disabled: {
    name: 'Ravi',
    restaurant: 'Annapurna Kitchen',
    host: 'hooks.example.com',
    note: 'The till',
    at: 'Sat, 21 Nov, 1:05 pm IST',
    isGone: false,
    link: 'https://partners.thali.example/restaurants/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a21/webhooks/019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a22',
  },
  notices: {
    name: 'Ravi',
    items: [
      { name: 'Paneer has run out', body: 'Annapurna Kitchen: nothing is left to sell.' },
      { name: 'A customer has written', body: 'Annapurna Kitchen: they wait for an answer.' },
    ],
  },
  test_mail: { name: 'there' },
  announcement: BULK,
  offer: {
    ...BULK,
    heading: 'Ten meals for the price of nine',
    paragraphs: ['Begin a lunch plan this week and the tenth meal is on us.', 'It holds for every plan that begins before Sunday.'],
    link: 'https://thali.example/plans',
    label: 'See the plans',
    unsubscribeUrl: 'https://thali.example/unsubscribe/v1.sample.sample',
  },
};
