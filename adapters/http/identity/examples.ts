export const ACCOUNT_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  email: 'meera@example.com',
  emailVerified: true,
  phone: '+919812345678',
  username: 'meera.n',
  displayName: 'Meera',
  platformRoles: [],
  registeredAt: '2026-11-21T10:30:00.000Z',
};
export const ME_EXAMPLE = {
  ...ACCOUNT_EXAMPLE,
  grants: [{ restaurantId: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21', role: 'waiter', permissions: ['orders:read', 'orders:complete'] }],
};
export const TOKENS_EXAMPLE = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjNqZ1pxV2dLIn0.eyJzdWIiOiIwMTlhOWYzZSJ9.c2lnbmF0dXJl',
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshToken: 'rt1.3jgZqWgK.AZqfPnxAexydVT8fHCt6EA.0.Jq0mB3m2rV0H2nqg1c1oJfG3r8w9yZkq0M5n6p7s8tU',
};
export const SIGNED_IN_EXAMPLE = {
  ...TOKENS_EXAMPLE,
  deviceToken: 'kd1.3jgZqWgK.019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21.Jq0mB3m2rV0H2nqg1c1oJfG3r8w9yZkq0M5n6p7s8tU',
};
export const MAIL_EXAMPLE = { sentTo: 'm•••a@e•••e.com', attemptsRemaining: 2, maxAttempts: 3, resetWindowMinutes: 60 };
export const SESSION_EXAMPLE = {
  id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  device: 'Firefox on Android',
  ip: '203.0.113.7',
  proofs: ['password'],
  startedAt: '2026-11-21T10:30:00.000Z',
  lastSeenAt: '2026-11-21T10:45:00.000Z',
  expiresAt: '2026-11-28T10:45:00.000Z',
  isCurrent: true,
};
export const BACKUP_CODES_EXAMPLE = { backupCodes: ['01-7M2QX-K9T4B', '02-WC0RD-5HZ8P'] };
export const PASSWORD_EXAMPLE = 'tiffin-At-7-sharp';
export const NEW_PASSWORD_EXAMPLE = 'Kulfi-at-9-maybe';
export const resetLinkToken = 'pr_Ac3kQ0m1r2T3u4V5w6X7yZ.0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4';
