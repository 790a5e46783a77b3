import { HTTPUnauthorized } from '@ovenbird/api';

/**
 * Roles of a valid service token; none when there was no such token.
 *
 * @param accepted roles of which it must have one, as any user's token would do otherwise
 * @throws ApiError 401
 */
export const acceptedService = (
  roles: readonly string[] | undefined,
  accepted: readonly string[],
): readonly string[] => {
  if (roles === undefined) return [];
  if (!roles.some((role) => accepted.includes(role))) throw HTTPUnauthorized();
  return roles;
};
