package io.agentledger.projection.support;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the database rejects rows. It omits the driver's message, which quotes the whole
 * statement with values that may be content.
 */
public final class RowRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private RowRejectedException(SQLException reason) {
    super(String.valueOf(reason.getMessage()).replace("\0", "\\0"));
  }

  /** Wraps a failure that the database caused; returns any other failure unchanged. */
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
