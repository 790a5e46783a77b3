/** The outcome of a statement or commit that another try may change: deadlock, serialisation failure, busy. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict';
}

/** A statement took longer than it may. It is not repeated, as that would take as long again. */
export class StatementTimeout extends Error {
  override readonly name = 'StatementTimeout';
}

/**
 * The connection broke while the commit was under way: whether the transaction happened is not known. It is not
 * repeated, as that could do it twice.
 */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}
