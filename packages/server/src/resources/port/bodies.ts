import type { CreateOf, port, UpdateOf } from '@ovenbird/api';

/** A parsed POST body of a port. */
export type PortBody = CreateOf<typeof port>;

/** A parsed PUT body of a port. */
export type PortUpdate = UpdateOf<typeof port>;
