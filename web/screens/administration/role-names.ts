import type { Role } from '#src/contract/endpoint.ts';

export const roleNames: Readonly<Record<Role, string>> = { employee: 'Employee', officer: 'Compliance officer', administrator: 'Administrator' };
