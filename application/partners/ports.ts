import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type { Invitation, Invitee } from '#domain/partners/invitation.ts';
import type { Restaurant } from '#domain/partners/restaurant.ts';
import type { CustomRole, RoleBounds } from '#domain/partners/role.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import type { Permission } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';

export type Restaurants = {
  find(restaurantId: string): Promise<Restaurant | undefined>;
  /** Whether there is such a restaurant; nobody else changes its staff, roles or invitations until the transaction ends. */
  lock(restaurantId: string): Promise<boolean>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Restaurant, PartnersEvent>): Promise<void>;
};

export type Staff = {
  find(restaurantId: string, accountId: string): Promise<StaffMember | undefined>;
  /** How many owners the restaurant has; locked until the transaction ends, so that two cannot leave at once. */
  lockOwners(restaurantId: string): Promise<number>;
  /** Who works in a role, a hundred at most. */
  holders(restaurantId: string, role: string): Promise<readonly string[]>;
  save(change: Change<StaffMember, PartnersEvent>): Promise<void>;
};

export type Roles = {
  find(restaurantId: string, roleId: string): Promise<CustomRole | undefined>;
  /** All that the restaurant made. */
  of(restaurantId: string): Promise<readonly CustomRole[]>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<CustomRole, PartnersEvent>): Promise<void>;
  /** Deletes the state and writes its events, or throws WriteConflict. */
  remove(change: Change<CustomRole, PartnersEvent>): Promise<void>;
};

export type Invitations = {
  find(restaurantId: string, invitationId: string): Promise<Invitation | undefined>;
  /** Those of a restaurant that can still be accepted. */
  pendingOf(restaurantId: string, at: number): Promise<readonly Invitation[]>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Invitation, PartnersEvent>): Promise<void>;
  /** Drops those that ended before, whatever became of them; how many. The log keeps what became of them. */
  forget(expiredBefore: number): Promise<number>;
};

export type HeldRole = {
  readonly restaurantId: string;
  readonly role: string;
  /** Of a role that the restaurant made: what it is called and what it allows. */
  readonly made?: { readonly name: string; readonly permissions: readonly Permission[] };
};

export type PartnersQueries = {
  restaurant(restaurantId: string): Promise<Restaurant | undefined>;
  restaurants(page: PageRequest): Promise<Page<Restaurant>>;
  staff(restaurantId: string, page: PageRequest): Promise<Page<StaffMember>>;
  rolesOf(accountId: string): Promise<readonly HeldRole[]>;
  /** What the restaurant made for itself, the oldest first. */
  roles(restaurantId: string): Promise<readonly CustomRole[]>;
  role(restaurantId: string, roleId: string): Promise<CustomRole | undefined>;
  holders(restaurantId: string, role: string, page: PageRequest): Promise<Page<StaffMember>>;
  invitation(restaurantId: string, invitationId: string): Promise<Invitation | undefined>;
  invitations(restaurantId: string, page: PageRequest): Promise<Page<Invitation>>;
  /** For whoever presents its token: the restaurant is the invitation's to say. */
  invitationBySelector(selector: string): Promise<Invitation | undefined>;
};

/** What partners needs from identity: who an account is. */
export type People = {
  find(email: string): Promise<Person | undefined>;
  byId(accountId: string): Promise<Invitee | undefined>;
};
export type Person = { readonly accountId: string; readonly displayName: string; readonly email: string };

/** What partners needs from identity about permissions: what the roles of every restaurant allow, and what a role may consist of. */
export type Rights = RoleBounds & { builtIn(role: string): readonly Permission[] };

/** What partners needs from identity of somebody who invited: what they may on the platform; undefined once their account has ended. */
export type Inviters = { platformPermissions(accountId: string): Promise<readonly Permission[] | undefined> };

/** Texts of chance that let somebody in once: a selector to find them by, and a part of which we keep a hash. */
export type InvitationSecrets = {
  mint(): { readonly selector: string; readonly verifierHash: string; readonly text: string };
  /** What a text claims to be; undefined when it is no invitation. `matches` takes the same time wherever they differ. */
  read(text: string): { readonly selector: string; matches(verifierHash: string): boolean } | undefined;
};
/** How invitations leave: what they are proven by, how long they hold, where their link leads, and how many one address gets. */
export type Letters = {
  readonly secrets: InvitationSecrets;
  readonly hours: number;
  link(token: string): string;
  /** Takes one of the mails an address may get, from all restaurants together. */
  take(email: string, at: number): Promise<{ readonly isAllowed: true } | { readonly isAllowed: false; readonly availableAt: number }>;
};
/** Mail that is sent if, and only if, the transaction commits. */
export type Mails = {
  enqueue(mail: {
    readonly key: string;
    readonly to: string;
    readonly template: 'invitation';
    readonly facts: Readonly<Record<string, string>>;
  }): Promise<void>;
};

export type PartnersTx = {
  readonly restaurants: Restaurants;
  readonly staff: Staff;
  readonly roles: Roles;
  readonly invitations: Invitations;
  readonly inviters: Inviters;
  readonly mails: Mails;
};
export type PartnersDeps = {
  readonly uow: UnitOfWork<PartnersTx>;
  readonly queries: PartnersQueries;
  readonly people: People;
  readonly rights: Rights;
  readonly letters: Letters;
  readonly clock: Clock;
  readonly ids: Ids;
};
