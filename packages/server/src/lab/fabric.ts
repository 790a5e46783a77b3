import type { LabNames } from './names.ts';
import { addNamespace, ipBatch, removeNamespace } from './namespaces.ts';

/** The cables between simulated hosts: a Linux bridge per network, in a namespace of its own. */
export interface Fabric extends AsyncDisposable {
  readonly namespace: string;
  /** Put one end of a cable into the namespace of a host, with this name there. */
  connect(
    network: FabricNetwork,
    hostNumber: number,
    hostNamespace: string,
    interfaceName: string,
  ): Promise<void>;
}

/** `tunnel` carries Geneve between hosts; `public` is the physical network of provider networks. */
export type FabricNetwork = 'tunnel' | 'public';

/** Room for 1,500 octets of a tenant inside Geneve over IPv4, and then some. */
export const fabricMtu = 1700;

export async function createFabric(names: LabNames): Promise<Fabric> {
  const namespace = names.fabric;
  await addNamespace(namespace);
  await ipBatch(
    namespace,
    (['tunnel', 'public'] as const).flatMap((network) => [
      `link add ${network} type bridge`,
      `link set ${network} mtu ${fabricMtu} up`,
    ]),
  );
  return {
    namespace,
    async connect(network, hostNumber, hostNamespace, interfaceName) {
      const ours = `${network}${hostNumber}`;
      await ipBatch(namespace, [
        `link add ${ours} type veth peer name ${interfaceName} netns ${hostNamespace}`,
        `link set ${ours} mtu ${fabricMtu} master ${network} up`,
      ]);
      await ipBatch(hostNamespace, [`link set ${interfaceName} mtu ${fabricMtu} up`]);
    },
    [Symbol.asyncDispose]: () => removeNamespace(namespace),
  };
}
