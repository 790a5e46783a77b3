/** What both services are told alike, so that what they write can be compared. */
/** Name server for subnets that name none; without it the reference reads the machine's own. */
export const nameServer = '192.0.2.53';
export const physicalNetwork = 'public';
