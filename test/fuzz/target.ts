import { startApiService } from '../../packages/server/src/testing/api-service.ts';
import { type FuzzOptions, type FuzzReport, fuzz } from './run.ts';

/** A service that may be asked anything. */
export interface FuzzTarget extends AsyncDisposable {
  fuzz(options: Pick<FuzzOptions, 'requests' | 'seed' | 'progress'>): Promise<FuzzReport>;
  /** Lines that were logged. */
  readonly log: readonly string[];
}

const PAGE = 50;

/** The whole service on a new SQLite file, asked by an administrator, a member, a reader and a service. */
export const startFuzzTarget = async (file: string): Promise<FuzzTarget> => {
  const service = await startApiService({
    databaseUrl: `sqlite:${file}`,
    settings: { limits: { paginationMaxLimit: PAGE } },
  });
  const personas = [
    await service.persona('ada', 'red', ['admin']),
    await service.persona('mia', 'red', ['member']),
    await service.persona('ray', 'blue', ['reader']),
    await service.persona('nova', 'service', ['service']),
  ];
  return {
    log: service.log,
    fuzz: (options) =>
      fuzz({ ...options, http: service.app.http, file, tokens: personas.map(({ token }) => token) }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
};
