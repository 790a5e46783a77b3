import { InvalidInput, NoNetworkAvailable } from '@ovenbird/api';
import type { Ids } from '../core/ids.ts';
import type { Reader, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import type { NetworkSegmentsTable } from '../db/segment-tables.ts';
import type { NetworkSegment, SegmentPool, SegmentRequest, TypeDriver } from './contract.ts';
import { checkDuplicates, type SegmentSpec } from './segment-request.ts';

/** A segment that is reserved for a network but not stored yet. */
export interface ReservedSegment {
  readonly networkType: string;
  readonly physicalNetwork: string | null;
  readonly segmentationId: number | null;
}

export interface SegmentsOptions {
  readonly typeDrivers: ReadonlyMap<string, TypeDriver>;
  /** Types for networks of projects, in order of preference. */
  readonly projectNetworkTypes: readonly string[];
  /** Type for external networks that do not say; undefined: as for projects. */
  readonly externalNetworkType: string | undefined;
  readonly ids: Ids;
}

/** Segments of networks: which ones a network gets, where they are kept, and back. */
export interface Segments {
  /**
   * Reserve the segments of a new network.
   *
   * @param specs what the request asked for; undefined: nothing, the configuration decides
   * @param projectId whose network it is: ranges may be set aside for it
   * @throws ApiError 400 impossible, 409 taken, 503 none left
   */
  reserve(
    tx: Transaction,
    specs: readonly SegmentSpec[] | undefined,
    external: boolean,
    projectId: string,
  ): Promise<readonly ReservedSegment[]>;
  /** The ids of each type of network that has some to choose. */
  readonly pools: ReadonlyMap<string, SegmentPool>;
  /** Store what was reserved, for any number of networks, in one statement a thousand. */
  store(
    tx: Transaction,
    reserved: ReadonlyMap<string, readonly ReservedSegment[]>,
  ): Promise<readonly NetworkSegment[]>;
  /** Give a network one more segment, which was reserved; returns its id. */
  add(
    tx: Transaction,
    networkId: string,
    reserved: ReservedSegment,
    names: { readonly name: string; readonly description: string },
  ): Promise<string>;
  /** Give back one segment and forget it. */
  remove(tx: Transaction, id: string): Promise<void>;
  /** Segments in order, without dynamic ones, by network id. One query. */
  byNetwork(
    reader: Reader,
    networkIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly NetworkSegment[]>>;
  /** Give back all segments of a network, dynamic ones too, and forget them. */
  release(tx: Transaction, networkId: string): Promise<void>;
  /**
   * Move a VLAN segment to another id.
   *
   * @throws ApiError 400 when it is no VLAN or the id cannot be, 409 when it is taken
   */
  changeSegmentationId(tx: Transaction, segment: NetworkSegment, segmentationId: number): Promise<void>;
}

export const segmentOf = (row: NetworkSegmentsTable): NetworkSegment => ({
  id: row.id,
  networkId: row.network_id,
  networkType: row.network_type,
  physicalNetwork: row.physical_network,
  segmentationId: row.segmentation_id,
});

const rowOf = (
  place: { readonly id: string; readonly networkId: string; readonly index: number },
  segment: ReservedSegment,
  now: string,
): NetworkSegmentsTable => ({
  id: place.id,
  network_id: place.networkId,
  network_type: segment.networkType,
  physical_network: segment.physicalNetwork,
  segmentation_id: segment.segmentationId,
  segment_index: place.index,
  is_dynamic: 0,
  name: '',
  description: '',
  created_at: now,
  updated_at: now,
  revision_number: 1,
});

const reservedAs = (type: string, taken: SegmentRequest): ReservedSegment => ({
  networkType: type,
  physicalNetwork: taken.physicalNetwork ?? null,
  segmentationId: taken.segmentationId ?? null,
});

/** A statement takes 32,766 parameters on SQLite, and a segment has twelve. */
const ROWS_AT_ONCE = 1000;

/** Which segments a network gets, from the type drivers. */
const createReservation = (options: SegmentsOptions) => {
  const driverOf = (type: string): TypeDriver => {
    const driver = options.typeDrivers.get(type);
    if (driver === undefined) throw InvalidInput({ message: `network_type value '${type}' not supported` });
    return driver;
  };
  const reserveAny = async (
    tx: Transaction,
    types: readonly string[],
    projectId: string,
  ): Promise<ReservedSegment> => {
    const request: SegmentRequest = { physicalNetwork: undefined, segmentationId: undefined, projectId };
    for (const type of types) {
      const taken = await driverOf(type).allocate(tx, request);
      if (taken !== undefined) return reservedAs(type, taken);
    }
    throw NoNetworkAvailable();
  };
  const reserveGiven = async (
    tx: Transaction,
    spec: SegmentSpec,
    projectId: string,
  ): Promise<ReservedSegment> => {
    const taken = await driverOf(spec.networkType).allocate(tx, { ...spec, projectId });
    if (taken === undefined) throw NoNetworkAvailable();
    return reservedAs(spec.networkType, taken);
  };
  return async (
    tx: Transaction,
    specs: readonly SegmentSpec[] | undefined,
    external: boolean,
    projectId: string,
  ) => {
    if (specs === undefined) {
      const { externalNetworkType, projectNetworkTypes } = options;
      const types =
        external && externalNetworkType !== undefined ? [externalNetworkType] : projectNetworkTypes;
      return [await reserveAny(tx, types, projectId)];
    }
    for (const spec of specs) driverOf(spec.networkType).validate(spec);
    checkDuplicates(specs);
    const reserved: ReservedSegment[] = [];
    for (const spec of specs) reserved.push(await reserveGiven(tx, spec, projectId));
    return reserved;
  };
};

export const createSegments = (options: SegmentsOptions): Segments => {
  const { typeDrivers, ids } = options;
  return {
    reserve: createReservation(options),
    pools: new Map(
      [...typeDrivers].flatMap(([type, { pool }]) => (pool === undefined ? [] : [[type, pool]])),
    ),
    async store(tx, reserved) {
      const rows: NetworkSegmentsTable[] = [];
      for (const [networkId, segments] of reserved) {
        for (const [index, segment] of segments.entries()) {
          rows.push(rowOf({ id: ids.uuid(), networkId, index }, segment, tx.now));
        }
      }
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
        await tx.query
          .insertInto('network_segments')
          .values(rows.slice(start, start + ROWS_AT_ONCE))
          .execute();
      }
      return rows.map(segmentOf);
    },
    async add(tx, networkId, reserved, names) {
      const last = await tx.query
        .selectFrom('network_segments')
        .select((eb) => eb.fn.max('segment_index').as('index'))
        .where('network_id', '=', networkId)
        .executeTakeFirst();
      const place = { id: ids.uuid(), networkId, index: Number(last?.index ?? -1) + 1 };
      const row = { ...rowOf(place, reserved, tx.now), ...names };
      await tx.query.insertInto('network_segments').values(row).execute();
      return place.id;
    },
    async remove(tx, id) {
      const rows = await tx.query
        .deleteFrom('network_segments')
        .where('id', '=', id)
        .returningAll()
        .execute();
      for (const row of rows) await typeDrivers.get(row.network_type)?.release(tx, segmentOf(row));
    },
    async byNetwork(reader, networkIds) {
      if (networkIds.length === 0) return new Map();
      const rows = await reader.query
        .selectFrom('network_segments')
        .selectAll()
        .where('network_id', 'in', eachOf(networkIds))
        .where('is_dynamic', '=', 0)
        .orderBy('segment_index')
        .execute();
      return Map.groupBy(rows.map(segmentOf), (segment) => segment.networkId);
    },
    async release(tx, networkId) {
      const rows = await tx.query
        .deleteFrom('network_segments')
        .where('network_id', '=', networkId)
        .returningAll()
        .execute();
      // A type whose driver is no longer configured keeps its row: nobody can tell what it stands for.
      for (const row of rows) await typeDrivers.get(row.network_type)?.release(tx, segmentOf(row));
    },
    async changeSegmentationId(tx, segment, segmentationId) {
      const driver = typeDrivers.get(segment.networkType);
      if (driver === undefined || segment.networkType !== 'vlan') {
        throw InvalidInput({ message: 'Only VLAN type networks can be updated' });
      }
      const wanted = { physicalNetwork: segment.physicalNetwork ?? undefined, segmentationId };
      driver.validate(wanted);
      await driver.allocate(tx, wanted);
      await tx.query
        .updateTable('network_segments')
        .set({ segmentation_id: segmentationId, updated_at: tx.now })
        .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
        .where('id', '=', segment.id)
        .execute();
      await driver.release(tx, segment);
    },
  };
};
