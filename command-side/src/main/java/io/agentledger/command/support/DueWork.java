package io.agentledger.command.support;

/** Work that waits in the database until it is due; {@link JobPoller} finds that of other nodes. */
public interface DueWork {
  /** Returns its name, which is unique. */
  String name();

  /**
   * Returns the time in SQL from which on the next work is due; null if there is none. It takes one
   * look at an index for each minimum.
   */
  String nextDue();

  /** Makes this node look for due rows. */
  void wake();
}
