import {
  DuplicateSubPort,
  INHERIT,
  InvalidInput,
  ParentPortInUse,
  PortInUse,
  PortNotFound,
  type SubPort,
  SubPortMtuGreaterThanTrunkPortMtu,
  type SubPortRequest,
  TrunkPortInUse,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { ACTIVE } from '../../db/query/literals.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { isTrusted } from '../../ipam/device-owner.ts';

const VLAN = 'vlan';
const LAST_VLAN = 4094;

/** What a port that joins a trunk must not be, and what it brings. */
interface Candidate {
  readonly id: string;
  readonly networkId: string;
  readonly mtu: number;
  readonly deviceId: string;
  readonly deviceOwner: string;
  readonly host: string;
  readonly vifType: string;
  readonly parent: boolean;
  readonly subPort: boolean;
  /** The only static segment of its network. */
  readonly segment: { readonly type: string; readonly id: number | null } | undefined;
}

/** Bound ports that can still become, or cease to be, parents: OVN takes both in its stride. */
const TRUNKING_VIF_TYPES = new Set(['ovs', 'vhostuser']);

/** Whether a parent is where a trunk can be put on it or taken off it. */
export const canBeTrunked = ({ host, vifType }: Pick<Candidate, 'host' | 'vifType'>): boolean =>
  host === '' || TRUNKING_VIF_TYPES.has(vifType);

const segmentsOf = async (reader: Reader, networkIds: readonly string[]) => {
  const rows = await reader.query
    .selectFrom('network_segments')
    .select(['network_id', 'network_type', 'segmentation_id'])
    .where('network_id', 'in', eachOf(networkIds))
    .where('is_dynamic', '=', 0)
    .execute();
  return Map.groupBy(rows, (row) => row.network_id);
};

/** The ports among `ids` that the caller may see, by id. Two queries. */
export const candidatesOf = async (
  { tx, isAdmin, context }: WriteStep,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Candidate>> => {
  const rows = await tx.query
    .selectFrom('ports')
    .innerJoin('networks', 'networks.id', 'ports.network_id')
    .leftJoin('port_bindings as binding', (join) =>
      join.onRef('binding.port_id', '=', 'ports.id').on('binding.status', '=', ACTIVE),
    )
    .leftJoin('trunks', 'trunks.port_id', 'ports.id')
    .leftJoin('trunk_sub_ports as sub', 'sub.port_id', 'ports.id')
    .select(['ports.id', 'ports.network_id', 'ports.device_id', 'ports.device_owner', 'networks.mtu'])
    .select(['binding.host', 'binding.vif_type', 'trunks.id as trunk', 'sub.trunk_id as above'])
    .select(['ports.project_id', 'networks.project_id as network_project'])
    .where('ports.id', 'in', eachOf(ids))
    .execute();
  const own = context.projectId;
  const seen = rows.filter((row) => isAdmin || row.project_id === own || row.network_project === own);
  const segments = await segmentsOf(
    tx,
    seen.map((row) => row.network_id),
  );
  return new Map(
    seen.map((row) => {
      const [segment, second] = segments.get(row.network_id) ?? [];
      const candidate: Candidate = {
        id: row.id,
        networkId: row.network_id,
        mtu: row.mtu,
        deviceId: row.device_id,
        deviceOwner: row.device_owner,
        host: row.host ?? '',
        vifType: row.vif_type ?? 'unbound',
        parent: row.trunk !== null,
        subPort: row.above !== null,
        segment:
          segment === undefined || second !== undefined
            ? undefined
            : { type: segment.network_type, id: segment.segmentation_id },
      };
      return [row.id, candidate];
    }),
  );
};

const candidateIn = (candidates: ReadonlyMap<string, Candidate>, id: string): Candidate => {
  const candidate = candidates.get(id);
  if (candidate === undefined) throw PortNotFound({ id });
  return candidate;
};

const refuseTrunked = ({ id, parent, subPort }: Candidate): void => {
  if (subPort) throw TrunkPortInUse({ portId: id });
  if (parent) throw ParentPortInUse({ portId: id });
};

/** Throws ApiError PortNotFound, TrunkPortInUse, ParentPortInUse when the port cannot become a parent. */
export const checkParent = (candidates: ReadonlyMap<string, Candidate>, id: string): Candidate => {
  const parent = candidateIn(candidates, id);
  refuseTrunked(parent);
  if (!canBeTrunked(parent) || isTrusted(parent.deviceOwner)) throw ParentPortInUse({ portId: id });
  return parent;
};

/** Type and id as given, or as inherited from the network. */
const resolved = (request: SubPortRequest, candidate: Candidate | undefined): SubPort => {
  const inherits = request.segmentation_type === INHERIT && candidate?.segment !== undefined;
  const type = inherits ? candidate?.segment?.type : request.segmentation_type;
  const id = inherits ? candidate?.segment?.id : request.segmentation_id;
  if (type === undefined || id === undefined) {
    throw InvalidInput({
      message:
        `Invalid subport details '${request.port_id}': missing segmentation information. ` +
        'Must specify both segmentation_id and segmentation_type',
    });
  }
  if (type !== VLAN) throw InvalidInput({ message: `Unknown segmentation_type '${type}'` });
  if (id === null || id < 1 || id > LAST_VLAN)
    throw InvalidInput({ message: `Segmentation ID '${id ?? 'None'}' is not in range` });
  return { port_id: request.port_id, segmentation_type: type, segmentation_id: id };
};

/** Where sub-ports are to go. */
export interface Place {
  /** The trunk's id; of a trunk that is being made, its parent's. */
  readonly trunkId: string;
  readonly parentId: string;
  readonly mtu: number;
  readonly taken: readonly SubPort[];
}

/**
 * Sub-ports as they will be stored.
 *
 * @throws ApiError InvalidInput, PortNotFound, PortInUse, ParentPortInUse, TrunkPortInUse, DuplicateSubPort,
 *   SubPortMtuGreaterThanTrunkPortMtu
 */
export const checkSubPorts = (
  candidates: ReadonlyMap<string, Candidate>,
  place: Place,
  requests: readonly SubPortRequest[],
): readonly SubPort[] => {
  const tags = new Set(place.taken.map((taken) => taken.segmentation_id));
  return requests.map((request) => {
    const { port_id: portId } = request;
    if (portId === place.parentId) throw ParentPortInUse({ portId });
    const known = candidates.get(portId);
    if (known !== undefined && known.mtu > place.mtu) {
      const { trunkId, mtu: trunkMtu } = place;
      throw SubPortMtuGreaterThanTrunkPortMtu({ portId, portMtu: known.mtu, trunkId, trunkMtu });
    }
    const subPort = resolved(request, known);
    const candidate = candidateIn(candidates, portId);
    refuseTrunked(candidate);
    if (candidate.deviceId !== '') {
      throw PortInUse({ id: portId, networkId: candidate.networkId, deviceId: candidate.deviceId });
    }
    const { segmentation_type: type, segmentation_id: segmentationId } = subPort;
    if (tags.has(segmentationId)) throw DuplicateSubPort({ type, segmentationId, trunkId: place.trunkId });
    tags.add(segmentationId);
    return subPort;
  });
};
