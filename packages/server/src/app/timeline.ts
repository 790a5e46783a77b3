import type { Config } from '../config/config.ts';
import { openExistingDatabase } from '../db/open.ts';
import { keptTimelines, type ShownStage, shownStages } from '../ml2/port-timeline.ts';

/** What is kept of a port's way, in order of its stages. Asks SQL only. */
export const readTimeline = async (config: Config, portId: string): Promise<readonly ShownStage[]> => {
  await using database = await openExistingDatabase(config.database);
  const kept = await database.read((reader) => keptTimelines(reader, [portId]));
  return shownStages(kept.get(portId) ?? {});
};
