import { KEY_SCOPES } from '#domain/identity/api-key.ts';
import { PURPOSE } from '#domain/identity/permissions.ts';
import {
  GRANTABLE,
  HANDED_ON_BY_OWNER,
  PERMISSIONS,
  PLATFORM_ROLES,
  platformPermissions,
  RESTAURANT_ROLES,
  restaurantPermissions,
} from '#domain/identity/roles.ts';
import type { Permission } from '#domain/shared/actor.ts';
import type { Access, AnyRoute } from './route.ts';

/** Who may put a permission into a role of their own: whoever holds it, only an owner, or nobody. */
export const HANDING_ON = ['holder', 'owner', 'nobody'] as const;
export type HandingOn = (typeof HANDING_ON)[number];

export type RoleEntry = { readonly role: string; readonly scope: 'restaurant' | 'platform'; readonly permissions: readonly Permission[] };
export type PermissionEntry = {
  readonly permission: Permission;
  readonly purpose: string;
  /** The roles that have it. */
  readonly roles: readonly string[];
  readonly handedOnBy: HandingOn;
  /** Whether a program can be given it. */
  readonly isForKeys: boolean;
};

/** Every role there is without anybody's doing, and what it allows. */
export const ROLE_ENTRIES: readonly RoleEntry[] = [
  ...RESTAURANT_ROLES.map((role) => ({ role, scope: 'restaurant' as const, permissions: restaurantPermissions(role) })),
  ...PLATFORM_ROLES.map((role) => ({ role, scope: 'platform' as const, permissions: platformPermissions([role]) })),
];

/** Every permission there is, what it is for, and who has it. */
export const PERMISSION_ENTRIES: readonly PermissionEntry[] = PERMISSIONS.map((permission) => ({
  permission,
  purpose: PURPOSE[permission],
  roles: ROLE_ENTRIES.flatMap(({ role, permissions }) => (permissions.includes(permission) ? [role] : [])),
  handedOnBy: HANDED_ON_BY_OWNER.includes(permission) ? 'owner' : GRANTABLE.includes(permission) ? 'holder' : 'nobody',
  isForKeys: (KEY_SCOPES as readonly Permission[]).includes(permission),
}));

export const HANDING_WORDS: Readonly<Record<HandingOn, string>> = { holder: 'whoever holds it', owner: 'owners', nobody: 'nobody' };

/** In words: what an operation asks of its caller. */
export function accessWords(access: Access): string {
  if (access === 'public') return 'anyone';
  if (access === 'authenticated') return 'whoever is signed in';
  const WHERE = { restaurant: 'in the restaurant', platform: 'on the platform', resource: 'where it belongs' } as const;
  return `\`${access.permission}\` ${WHERE[access.in]}`;
}

const mark = (is: boolean): string => (is ? 'yes' : '');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
  '',
];

/** The same as a file of the repository. */
export const permissionsDocument = (routes: readonly AnyRoute[]): string =>
  [
    '# Permissions',
    '',
    'Who may do what. Written by `npm run permissions:docs` from the code that decides it; also at `/docs/permissions`.',
    '',
    '## Roles and what they allow',
    '',
    ...table(
      ['permission', ...ROLE_ENTRIES.map(({ role }) => role), 'in a role of one’s own, by', 'for programs'],
      PERMISSION_ENTRIES.map(({ permission, roles, handedOnBy, isForKeys }) => [
        `\`${permission}\``,
        ...ROLE_ENTRIES.map(({ role }) => mark(roles.includes(role))),
        HANDING_WORDS[handedOnBy],
        mark(isForKeys),
      ]),
    ),
    'Roles of the platform (`support`, `admin`) hold in every restaurant. A restaurant makes roles of its own, out of what their maker may do themselves.',
    '',
    '## What each permission is for',
    '',
    ...table(
      ['permission', 'it allows to'],
      PERMISSION_ENTRIES.map(({ permission, purpose }) => [`\`${permission}\``, purpose]),
    ),
    '## What each operation takes',
    '',
    ...[...Map.groupBy(routes, ({ tag }) => tag)].flatMap(([tag, group]) => [
      `### ${tag}`,
      '',
      ...table(
        ['operation', 'it takes', ''],
        group.map(({ method, path, access, summary }) => [`\`${method.toUpperCase()} ${path}\``, accessWords(access), summary]),
      ),
    ]),
  ].join('\n');
