package io.agentledger.gateway.support.problem;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Recognizes failures of requests that pass by themselves: no database, no room on the disk. */
final class UnavailabilityMapper {
  private static final Logger LOG = LoggerFactory.getLogger(UnavailabilityMapper.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int DEPTH_MAX = 16;

  /** ENOSPC, EDQUOT, EROFS, EIO, as the C library names them. */
  private static final Set<String> DISK_REASONS =
      Set.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Input/output error");

  /** Connection exceptions, insufficient resources, shutdown and start, system errors. */
  private static final Set<String> DATABASE_STATES =
      Set.of("57P01", "57P02", "57P03", "25006", "58030");

  private UnavailabilityMapper() {}

  static Optional<Problem> toProblem(Throwable failure, @Nullable String requestId) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isUnavailable(sql))
        return Optional.of(
            unavailable("database_unavailable", "The database is not available.", sql, requestId));
      if (cause instanceof IOException io && isDiskFull(io))
        return Optional.of(
            unavailable("disk_full", "The disk of the service is full.", io, requestId));
    }
    return Optional.empty();
  }

  private static boolean isUnavailable(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof SQLRecoverableException
        || state.startsWith("08")
        || state.startsWith("53")
        || DATABASE_STATES.contains(state);
  }

  private static boolean isDiskFull(IOException failure) {
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return reason != null && DISK_REASONS.contains(reason);
  }

  private static Problem unavailable(
      String code, String detail, Exception cause, @Nullable String requestId) {
    LOG.atWarn()
        .addKeyValue("requestId", requestId)
        .addKeyValue("code", code)
        .addKeyValue("cause", cause.toString())
        .log("a request could not be carried out for now");
    return Problem.create(
            HttpStatus.SERVICE_UNAVAILABLE, code, detail + " Send the request again later.")
        .withRetryAfter(RETRY_AFTER);
  }
}
