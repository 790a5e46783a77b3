/** Vnic types whose packets bypass the virtual switch of the host. */
const BYPASSING: ReadonlySet<string> = new Set(['direct', 'direct-physical', 'macvtap', 'baremetal']);

/** Capabilities that a binding profile declares (`switchdev`). */
export const declaredCapabilities = (profile: { readonly [key: string]: unknown }): readonly string[] => {
  const declared = profile.capabilities;
  return Array.isArray(declared) ? declared.filter((entry) => typeof entry === 'string') : [];
};

/** Whether a port's packets bypass the virtual switch: another chassis must answer for it. */
export const bypassesSwitch = (vnicType: string, profile: { readonly [key: string]: unknown }): boolean =>
  BYPASSING.has(vnicType) && !declaredCapabilities(profile).includes('switchdev');
