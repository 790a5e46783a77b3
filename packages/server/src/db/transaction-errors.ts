/** The outcome of a statement or commit that another try may change: deadlock, serialisation failure, busy. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict';
}

/**
 * The connection broke while the commit was under way: whether the transaction happened is not known. It is not
 * repeated, as that could do it twice.
 */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}
