package io.agentledger.projection.support;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Rejection of rows by the database. It does not contain the driver's message, which quotes the
 * whole statement with values that may be the ones that cannot be stored.
 */
public final class RowRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private RowRejectedException(SQLException reason) {
    super(String.valueOf(reason.getMessage()).replace("\0", "\\0"));
  }

  /** Instead of a failure that has its root in the database; any other one is left as it is. */
  public static Throwable wrapIfDataError(Throwable failure) {
    SQLException root = root(failure);
    return root == null ? failure : new RowRejectedException(root);
  }

  private static @Nullable SQLException root(Throwable failure) {
    SQLException root = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof SQLException sql) root = last(sql);
    return root;
  }

  private static SQLException last(SQLException first) {
    SQLException last = first;
    while (last.getNextException() != null) last = last.getNextException();
    return last;
  }
}
