import assert from 'node:assert/strict';
import { type ApiService, type Persona, startApiService } from './api-service.ts';

/** What an answer holds; tests look into it freely. */
type Made = ReturnType<typeof JSON.parse>;

/** A service, and those who make, share and use QoS policies. */
export interface QosWorld extends AsyncDisposable {
  readonly service: ApiService;
  readonly admin: Persona;
  /** Member and manager of one project. */
  readonly red: Persona;
  readonly manager: Persona;
  /** Member of another. */
  readonly blue: Persona;
  /** What was made; fails unless the answer is 201. */
  make(persona: Persona, path: string, body: object): Promise<Made>;
  /** Make a policy, by the manager unless said otherwise. */
  policy(given?: object, persona?: Persona): Promise<Made>;
}

const make: QosWorld['make'] = async (persona, path, body) => {
  const answer = await persona.ask('POST', path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return Object.values(answer.body)[0];
};

export const openQosWorld = async (databaseUrl: string): Promise<QosWorld> => {
  const service = await startApiService({ databaseUrl });
  const manager = await service.persona('mia', 'red', ['manager']);
  return {
    service,
    manager,
    admin: await service.persona('root', 'operations', ['admin']),
    red: await service.persona('rosa', 'red', ['member']),
    blue: await service.persona('bert', 'blue', ['member']),
    make,
    policy: (given = {}, persona = manager) => make(persona, 'qos/policies', { policy: given }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
};
