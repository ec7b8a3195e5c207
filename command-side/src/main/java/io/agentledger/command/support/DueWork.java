package io.agentledger.command.support;

/** Work that waits in the database until it is due; {@link JobPoller} finds that of other nodes. */
public interface DueWork {
  /** Returns the name of its table. */
  String table();

  /**
   * Returns the condition in SQL that work is due at the time {@code :now}. It takes one look at an
   * index, by comparing a minimum: PostgreSQL would read the whole table to find out that no row
   * exists, because it does not know {@code :now} when it plans a statement that is repeated.
   */
  String condition();

  /** Makes this node look for due rows. */
  void wake();
}
