import { defineError } from '../errors.ts';

/** 404: no such trunk, or none that the caller may see. */
export const TrunkNotFound = defineError<{ id: string }>(
  404,
  'TrunkNotFound',
  (p) => `Trunk ${p.id} could not be found.`,
);

/** 404: the port is no sub-port of the trunk. */
export const SubPortNotFound = defineError<{ trunkId: string; portId: string }>(
  404,
  'SubPortNotFound',
  (p) => `SubPort on trunk ${p.trunkId} with parent port ${p.portId} could not be found.`,
);

/** 409: the port is a sub-port already. */
export const TrunkPortInUse = defineError<{ portId: string }>(
  409,
  'TrunkPortInUse',
  (p) => `Port ${p.portId} is in use by another trunk.`,
);

/** 409: the port is a parent already, or is bound to what carries no trunks. */
export const ParentPortInUse = defineError<{ portId: string }>(
  409,
  'ParentPortInUse',
  (p) => `Port ${p.portId} is currently in use and is not eligible for use as a parent port.`,
);

/** 409: a sub-port of the trunk has this VLAN already. */
export const DuplicateSubPort = defineError<{ type: string; segmentationId: number; trunkId: string }>(
  409,
  'DuplicateSubPort',
  (p) =>
    `segmentation_type ${p.type} and segmentation_id ${p.segmentationId} already in use on trunk ${p.trunkId}.`,
);

/** 409: packets of the sub-port's network do not fit through the parent. */
export const SubPortMtuGreaterThanTrunkPortMtu = defineError<{
  portId: string;
  portMtu: number;
  trunkId: string;
  trunkMtu: number;
}>(
  409,
  'SubPortMtuGreaterThanTrunkPortMtu',
  (p) =>
    `MTU ${p.portMtu} of subport ${p.portId} cannot be greater than MTU ${p.trunkMtu} of trunk ${p.trunkId}.`,
);

/** 409: the parent of a trunk cannot be deleted. */
export const PortInUseAsTrunkParent = defineError<{ portId: string; trunkId: string }>(
  409,
  'PortInUseAsTrunkParent',
  (p) => `Port ${p.portId} is currently a parent port for trunk ${p.trunkId}.`,
);

/** 409: a sub-port cannot be deleted. */
export const PortInUseAsSubPort = defineError<{ portId: string; trunkId: string }>(
  409,
  'PortInUseAsSubPort',
  (p) => `Port ${p.portId} is currently a subport for trunk ${p.trunkId}.`,
);

/** 409: the parent is bound to what carries no trunks, so nothing can be taken off it. */
export const TrunkInUse = defineError<{ id: string }>(
  409,
  'TrunkInUse',
  (p) => `Trunk ${p.id} is currently in use.`,
);

/** 409: `admin_state_up` of the trunk is false. */
export const TrunkDisabled = defineError<{ id: string }>(
  409,
  'TrunkDisabled',
  (p) => `Trunk ${p.id} is currently disabled.`,
);
