import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { checkDuplicates, requestedSegments, type SegmentSpec, sameSegment } from './segment-request.ts';

const spec = (networkType: string, physicalNetwork?: string, segmentationId?: number): SegmentSpec => ({
  networkType,
  physicalNetwork,
  segmentationId,
});

const thrownBy = (action: () => unknown): ApiError => {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
};

describe('requested segments', () => {
  const provider = (type: unknown, physical?: unknown, id?: unknown) => ({
    'provider:network_type': type as string,
    'provider:physical_network': physical as string,
    'provider:segmentation_id': id as number,
  });

  it('are none when nothing is named', () => {
    assert.equal(requestedSegments({}), undefined);
    assert.equal(requestedSegments({ segments: undefined }), undefined);
    assert.equal(requestedSegments({ segments: [] }), undefined);
    assert.equal(requestedSegments(provider(null, null, null)), undefined);
  });

  it('are one from provider attributes, fully or in part', () => {
    assert.deepEqual(requestedSegments(provider('vlan')), [spec('vlan')]);
    assert.deepEqual(requestedSegments(provider('vlan', 'physnet1')), [spec('vlan', 'physnet1')]);
    assert.deepEqual(requestedSegments(provider('vlan', 'physnet1', 0)), [spec('vlan', 'physnet1', 0)]);
    assert.deepEqual(requestedSegments(provider('vlan', '', 7)), [spec('vlan', undefined, 7)]);
  });

  it('are several from segments, in order', () => {
    const segments = [provider('vlan', 'physnet1', 5), provider('geneve'), provider('flat', 'physnet2')];
    assert.deepEqual(requestedSegments({ segments }), [
      spec('vlan', 'physnet1', 5),
      spec('geneve'),
      spec('flat', 'physnet2'),
    ]);
  });

  it('need a type', () => {
    for (const body of [
      provider(undefined, 'physnet1'),
      provider(null, null, 5),
      provider('', 'physnet1'),
      { segments: [provider(undefined, 'physnet1', 5)] },
    ]) {
      const error = thrownBy(() => requestedSegments(body));
      assert.deepEqual([error.status, error.type], [400, 'InvalidInput']);
      assert.match(error.message, /network_type required/);
    }
  });

  it('come from one place only', () => {
    const error = thrownBy(() => requestedSegments({ ...provider('vlan'), segments: [provider('geneve')] }));
    assert.deepEqual([error.status, error.type], [400, 'SegmentsSetInConjunctionWithProviders']);
  });
});

describe('equality of segments', () => {
  // Every pair of these is compared; each names the class of segments it equals.
  const table: readonly (readonly [className: string, SegmentSpec])[] = [
    ['vlan a 5', spec('vlan', 'a', 5)],
    ['vlan a 5', spec('vlan', 'a', 5)],
    ['vlan a 6', spec('vlan', 'a', 6)],
    ['vlan b 5', spec('vlan', 'b', 5)],
    ['partial 1', spec('vlan', 'a')],
    ['partial 2', spec('vlan', 'a')],
    ['partial 3', spec('vlan')],
    ['geneve 5', spec('geneve', undefined, 5)],
    ['geneve 5', spec('geneve', undefined, 5)],
    ['geneve 0', spec('geneve', undefined, 0)],
    ['vxlan 5', spec('vxlan', undefined, 5)],
    ['gre 5', spec('gre', undefined, 5)],
    ['partial 4', spec('geneve')],
    ['partial 5', spec('geneve')],
    ['flat a', spec('flat', 'a')],
    ['flat a', spec('flat', 'a')],
    ['flat b', spec('flat', 'b')],
    ['local', spec('local')],
    ['local', spec('local')],
  ];

  for (const [i, [classA, a]] of table.entries()) {
    for (const [j, [classB, b]] of table.entries()) {
      if (i === j) continue;
      const equal = classA === classB;
      it(`${JSON.stringify(a)} ${equal ? 'equals' : 'differs from'} ${JSON.stringify(b)} (${i}, ${j})`, () => {
        assert.equal(sameSegment(a, b), equal);
        if (equal) {
          const error = thrownBy(() => checkDuplicates([spec('gre', undefined, 1), a, b]));
          assert.deepEqual([error.status, error.type], [400, 'SegmentsContainDuplicateEntry']);
        } else {
          checkDuplicates([a, b]);
        }
      });
    }
  }
});
