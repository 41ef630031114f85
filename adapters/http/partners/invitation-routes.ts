import { z } from 'zod';
import type { SeenInvitation } from '#application/partners/invitations/list-invitations.ts';
import type { Partners } from '#application/partners/module.ts';
import { SEEN_STATUSES } from '#domain/partners/invitation.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, InstantView, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { Email } from '../validators.ts';
import { GivenRole } from './inputs.ts';
import { PARTNERS_PROBLEMS } from './problems.ts';
import { STAFF_EXAMPLE, StaffView } from './staff-view.ts';

const InvitationParams = RestaurantParams.extend({ invitationId: Id });
const InviteBody = z.strictObject({ email: Email, role: GivenRole });
const AcceptBody = z.strictObject({ token: z.string().min(1).max(200) });
const InvitationView = z.object({
  id: Id,
  email: z.string(),
  role: z.string(),
  invitedBy: Id,
  status: z.enum(SEEN_STATUSES),
  sentAt: InstantView,
  expiresAt: InstantView,
});
const AcceptedView = StaffView.extend({ restaurantId: Id });

const EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  email: 'meera@example.com',
  role: 'kitchen',
  invitedBy: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  status: 'pending',
  sentAt: '2026-11-21T10:30:00.000Z',
  expiresAt: '2026-11-24T10:30:00.000Z',
};
const TOKEN_EXAMPLE = 'in_Ac3kQ0m1r2T3u4V5w6X7yZ.0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4';
const SENT = [
  'partners.restaurant_not_found',
  'partners.role_unknown',
  'partners.owner_required',
  'partners.beyond_your_reach',
  'partners.already_staff',
  'partners.too_many_invitations',
  'partners.too_much_mail',
  'partners.person_required',
] as const;

const view = (invitation: SeenInvitation): z.input<typeof InvitationView> => invitation;

export const invitationRoutes = ({ invitations }: Partners): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/invitations',
    operationId: 'inviteStaff',
    tag: 'Invitations',
    summary: 'Invite somebody to work here',
    description:
      'They get a mail with a link, whether or not they have an account. An earlier invitation to the same address ends. You can offer what you could give: a role that allows no more than you may.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: RestaurantParams,
    body: InviteBody,
    status: 201,
    response: InvitationView,
    example: { body: { email: EXAMPLE.email, role: EXAMPLE.role }, response: EXAMPLE },
    problems: pick(PARTNERS_PROBLEMS, ...SENT),
    async handle({ params: { restaurantId }, body }, { actor }) {
      const sent = await invitations.send({ restaurantId, ...body }, actor);
      return sent.ok ? ok(view(sent.value)) : sent;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/invitations',
    operationId: 'listInvitations',
    tag: 'Invitations',
    summary: 'List the invitations of a restaurant, newest first',
    description: 'They are forgotten three months after their time.',
    access: { permission: 'staff:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(InvitationView),
    example: { response: { data: [EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/invitations`, page, query),
    async handle({ params: { restaurantId }, query }) {
      const { data, next } = await invitations.list(restaurantId, pageRequest(query));
      return ok({ data: data.map(view), next });
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/invitations/{invitationId}',
    operationId: 'revokeInvitation',
    tag: 'Invitations',
    summary: 'Take an invitation back',
    description: 'Its link is worth nothing from then on.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: InvitationParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PARTNERS_PROBLEMS, 'partners.invitation_not_found', 'partners.invitation_over'),
    handle: ({ params }, { actor }) => invitations.revoke(params, actor),
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/invitations/{invitationId}/resend',
    operationId: 'resendInvitation',
    tag: 'Invitations',
    summary: 'Send an invitation once more',
    description:
      'For one that waits or whose time is over. The answer is a new one, with a link and a time of its own, for which you answer; the old one ends.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: InvitationParams,
    status: 201,
    response: InvitationView,
    example: { response: EXAMPLE },
    problems: pick(PARTNERS_PROBLEMS, ...SENT, 'partners.invitation_not_found', 'partners.invitation_over'),
    async handle({ params }, { actor }) {
      const sent = await invitations.resend(params, actor);
      return sent.ok ? ok(view(sent.value)) : sent;
    },
  }),
  route({
    method: 'post',
    path: '/invitations/acceptance',
    operationId: 'acceptInvitation',
    tag: 'Invitations',
    summary: 'Take up an invitation',
    description:
      'With the token of its link, signed in to an account whose confirmed address is the one it was sent to. Whoever has no account yet gives the token to POST /auth/register instead.',
    access: 'authenticated',
    body: AcceptBody,
    status: 200,
    response: AcceptedView,
    example: { body: { token: TOKEN_EXAMPLE }, response: { restaurantId: EXAMPLE.id, ...STAFF_EXAMPLE } },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.person_required',
      'partners.invitation_invalid',
      'partners.invitation_over',
      'partners.invitation_not_yours',
      'partners.address_unconfirmed',
      'partners.inviter_may_not',
      'partners.role_unknown',
      'partners.already_staff',
    ),
    async handle({ body }, { actor }) {
      const accepted = await invitations.accept(body, actor);
      if (!accepted.ok) return accepted;
      const { role, ...member } = accepted.value;
      invariant(role !== null, 'whoever joins has a role');
      return ok({ ...member, role });
    },
  }),
];
