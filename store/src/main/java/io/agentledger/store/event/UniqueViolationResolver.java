package io.agentledger.store.event;

import java.sql.SQLException;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;

/** Detects SQLState 23505 anywhere in the chain, batch exceptions included. */
final class UniqueViolationResolver implements PersistenceExceptionResolver {
  @Override
  public boolean isDuplicateKeyViolation(Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause())
      if (cause instanceof SQLException sql)
        for (SQLException e = sql; e != null; e = e.getNextException())
          if ("23505".equals(e.getSQLState())) return true;
    return false;
  }
}
