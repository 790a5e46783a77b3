import { defineError } from '../errors.ts';

/** 404: no such flavor. */
export const FlavorNotFound = defineError<{ id: string }>(
  404,
  'FlavorNotFound',
  (p) => `Flavor ${p.id} could not be found.`,
);

/** 409: routers have the flavor. */
export const FlavorInUse = defineError<{ id: string }>(
  409,
  'FlavorInUse',
  (p) => `Flavor ${p.id} is used by some service instance.`,
);

/** 503: an administrator has taken the flavor out of service. */
export const FlavorDisabled = defineError<object>(503, 'FlavorDisabled', () => 'Flavor is not enabled.');

/** 404: no such service profile. */
export const ServiceProfileNotFound = defineError<{ id: string }>(
  404,
  'ServiceProfileNotFound',
  (p) => `Service Profile ${p.id} could not be found.`,
);

/** 409: flavors are bound to the profile. */
export const ServiceProfileInUse = defineError<{ id: string }>(
  409,
  'ServiceProfileInUse',
  (p) => `Service Profile ${p.id} is used by some service instance.`,
);

/** 409: the flavor is bound to the profile already. */
export const FlavorServiceProfileBindingExists = defineError<{ profileId: string; flavorId: string }>(
  409,
  'FlavorServiceProfileBindingExists',
  (p) => `Service Profile ${p.profileId} is already associated with flavor ${p.flavorId}.`,
);

/** 404: the flavor is not bound to the profile, or to none at all. */
export const FlavorServiceProfileBindingNotFound = defineError<{ profileId: string; flavorId: string }>(
  404,
  'FlavorServiceProfileBindingNotFound',
  (p) => `Service Profile ${p.profileId} is not associated with flavor ${p.flavorId}.`,
);

/** 404: nothing here provides services by such a driver. */
export const ServiceProfileDriverNotFound = defineError<{ driver: string }>(
  404,
  'ServiceProfileDriverNotFound',
  (p) => `Service Profile driver ${p.driver} could not be found.`,
);

/** 400: a profile says neither which driver it stands for nor anything about it. */
export const ServiceProfileEmpty = defineError<object>(
  400,
  'ServiceProfileEmpty',
  () => 'Service Profile needs either a driver or metainfo.',
);

/** 503: an administrator has taken the profile out of service. */
export const ServiceProfileDisabled = defineError<object>(
  503,
  'ServiceProfileDisabled',
  () => 'Service Profile is not enabled.',
);
