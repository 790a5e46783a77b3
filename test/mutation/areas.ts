/** A part of the service whose tests are put to the test. */
export interface Area {
  readonly name: string;
  /** Globs of what is changed, from the root; tests among them are left alone. */
  readonly sources: readonly string[];
  /** Globs of the tests that should notice. */
  readonly tests: readonly string[];
}

const server = 'packages/server/src';

export const areas: readonly Area[] = [
  { name: 'policy', sources: [`${server}/policy/*.ts`], tests: [`${server}/policy/*.test.ts`] },
  { name: 'ipam', sources: [`${server}/ipam/*.ts`], tests: [`${server}/ipam/*.test.ts`] },
  {
    name: 'segments',
    sources: [`${server}/ml2/{segment-request,mtu}.ts`, `${server}/drivers/type/*.ts`],
    tests: [`${server}/ml2/{segment-request,type-drivers}.test.ts`, `${server}/drivers/type/*.test.ts`],
  },
  {
    // Slow: every test has a database of its own.
    name: 'networks',
    sources: [`${server}/ml2/segments.ts`, `${server}/resources/network/*.ts`],
    tests: [`${server}/resources/network/*.test.ts`],
  },
  {
    name: 'matches',
    sources: [
      `${server}/drivers/mech/ovn/desired/{acl-match,acl-log,drop-group,gateway-group,security-group}.ts`,
      `${server}/drivers/mech/ovn/desired/{router-rules,router-routes,router-snat,limits,port-qos,routing-qos}.ts`,
    ],
    tests: [`${server}/drivers/mech/ovn/desired/*.test.ts`],
  },
];
