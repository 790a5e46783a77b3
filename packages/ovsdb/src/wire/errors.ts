/** An error object of RFC 7047 §3.1: `{"error": <code>, "details": <text>}`, or its code alone. */
export interface WireError {
  readonly error: string;
  readonly details?: string | undefined;
  /** Position in the `transact` request of the operation that failed; its length when the commit failed. */
  readonly operation?: number | undefined;
}

/** Anything that the server answered with an error. Base of one class per error string. */
export class OvsdbError extends Error {
  /** The error string as sent. */
  readonly code: string;
  readonly details: string;
  readonly operation: number | undefined;

  constructor(wire: WireError) {
    const { error, details = '', operation } = wire;
    super(details === '' ? error : `${error}: ${details}`);
    this.name = new.target.name;
    this.code = error;
    this.details = details;
    this.operation = operation;
  }
}

/** RFC 7047 §4.1.2 and others: no such database. */
export class UnknownDatabaseError extends OvsdbError {}
/** The database is known, but the server has no data for it yet (a cluster being joined, a relay without source). */
export class DatabaseNotAvailableError extends OvsdbError {}
/** §4.1.3: the request was canceled (§4.1.4), or a schema conversion dropped it. */
export class CanceledError extends OvsdbError {}
/** §3.1: the server ran out of memory, disk or another resource. */
export class ResourcesExhaustedError extends OvsdbError {}
/** §3.1: the database could not be written. */
export class InputOutputError extends OvsdbError {}
/** §5.2.1: two inserts chose the same `uuid-name`. */
export class DuplicateUuidNameError extends OvsdbError {}
/** Two inserts chose the same `uuid`, or a row has it already. */
export class DuplicateUuidError extends OvsdbError {}
/** §3.1: a constraint of the schema does not hold: ranges, sizes, enums, indexes, maxRows. */
export class ConstraintViolationError extends OvsdbError {}
/** §3.1: a strong reference points nowhere, or would after a delete. */
export class ReferentialIntegrityViolationError extends OvsdbError {}
/** §5.2.4: a mutation divides by zero. */
export class DomainError extends OvsdbError {}
/** §5.2.4: the result of a mutation cannot be represented. */
export class MutationRangeError extends OvsdbError {}
/** §5.2.6: the condition of a `wait` did not come true in time. */
export class TimedOutError extends OvsdbError {}
/** §5.2.6, §5.2.7: the server does not do this. */
export class NotSupportedError extends OvsdbError {}
/** §5.2.8: an `abort` operation ended the transaction. */
export class AbortedError extends OvsdbError {}
/** §5.2.10: an `assert` for a lock that this connection does not own. */
export class NotOwnerError extends OvsdbError {}
/** ovsdb-server: role-based access control forbids the change. */
export class PermissionError extends OvsdbError {}
/** ovsdb-server: the server or the database is read-only. */
export class NotAllowedError extends OvsdbError {}
/** §3.1: the request is not of the form that RFC 7047 gives it; also unknown members, columns, types. */
export class SyntaxViolationError extends OvsdbError {}
/** ovsdb-server: no such table. */
export class UnknownTableError extends OvsdbError {}
/** ovsdb-server: no such column. */
export class UnknownColumnError extends OvsdbError {}
/** §4.1.7: no such monitor to cancel or change. */
export class UnknownMonitorError extends OvsdbError {}
/** ovsdb-server: no such method. */
export class UnknownMethodError extends OvsdbError {}
/** §3.1: the server found itself inconsistent. */
export class InternalError extends OvsdbError {}
/** ovsdb-server: a server of a cluster could not commit; the details say why. */
export class ClusterError extends OvsdbError {
  /** Whether the cluster may have committed all the same (`lost leadership`, `timeout` and the like). */
  get outcomeUnknown(): boolean {
    return this.details !== 'not leader' && this.details !== 'prerequisite check failed';
  }
}
/** ovsdb-server: only the leader of the cluster can do this. */
export class NotLeaderError extends OvsdbError {}

type ErrorClass = new (wire: WireError) => OvsdbError;

const CLASSES: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['unknown database', UnknownDatabaseError],
  ['database not available', DatabaseNotAvailableError],
  ['canceled', CanceledError],
  ['resources exhausted', ResourcesExhaustedError],
  ['I/O error', InputOutputError],
  ['duplicate uuid-name', DuplicateUuidNameError],
  ['duplicate uuid', DuplicateUuidError],
  ['constraint violation', ConstraintViolationError],
  ['referential integrity violation', ReferentialIntegrityViolationError],
  ['domain error', DomainError],
  ['range error', MutationRangeError],
  ['timed out', TimedOutError],
  ['not supported', NotSupportedError],
  ['aborted', AbortedError],
  ['not owner', NotOwnerError],
  ['permission error', PermissionError],
  ['not allowed', NotAllowedError],
  ['syntax error', SyntaxViolationError],
  ['unknown table', UnknownTableError],
  ['unknown column', UnknownColumnError],
  ['unknown monitor', UnknownMonitorError],
  ['unknown method', UnknownMethodError],
  ['internal error', InternalError],
  ['cluster error', ClusterError],
  ['not leader', NotLeaderError],
]);

/** All error strings that have a class of their own. */
export const errorStrings: readonly string[] = [...CLASSES.keys()];

/**
 * In: what the server sent as an error (an object of §3.1, or a string), and the operation's position if it has one.
 * Out: an instance of the class of its error string, of {@link OvsdbError} itself for a string without a class.
 */
export function parseError(wire: unknown, operation?: number): OvsdbError {
  let error = 'unknown error';
  let details: string | undefined;
  if (typeof wire === 'string') {
    error = wire;
  } else if (typeof wire === 'object' && wire !== null && 'error' in wire && typeof wire.error === 'string') {
    error = wire.error;
    if ('details' in wire && typeof wire.details === 'string') details = wire.details;
  } else {
    details = JSON.stringify(wire);
  }
  const ErrorOfString = CLASSES.get(error) ?? OvsdbError;
  return new ErrorOfString({ error, details, operation });
}

/** Nothing was sent: there is no complete replica of a connected server at the moment. Trying again is safe. */
export class NotConnectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotConnectedError';
  }
}

/**
 * The transaction was sent, but its result will not be known: the link was lost, the deadline passed, or the caller
 * stopped waiting. It may have been committed, be committed later, or never.
 */
export class UnknownOutcomeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnknownOutcomeError';
  }
}
