package io.agentledger.api.ops;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** Finds temporary failures of the database: it is absent, does not respond, or is full. */
public final class DatabaseOutage {
  private static final int DEPTH_MAX = 16;

  /** SQL states of connections that the server ended, and of its shutdown and startup. */
  private static final Set<String> STATES =
      Set.of("57P01", "57P02", "57P03", "25006", "25P03", "25P04", "58030");

  /** Message of the pool for a connection that failed before its rollback; it has no SQL state. */
  private static final String CLOSED_BY_POOL = "Connection is closed";

  private DatabaseOutage() {}

  /**
   * Returns the outage that caused a failure. The outcome of a transaction whose commit failed this
   * way is unknown; it may be committed.
   */
  public static Optional<SQLException> findCause(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause())
      if (cause instanceof SQLException sql && isOutage(sql)) return Optional.of(sql);
    return Optional.empty();
  }

  private static boolean isOutage(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof SQLRecoverableException
        || CLOSED_BY_POOL.equals(failure.getMessage())
        || state.startsWith("08")
        || state.startsWith("53")
        || STATES.contains(state);
  }
}
