package io.agentledger.gateway.support.problem;

import io.agentledger.api.ops.DatabaseOutage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Maps temporary failures: the database is unavailable, or the disk is full. */
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

  /** PostgreSQL's {@code disk_full}. */
  private static final String DISK_FULL_STATE = "53100";

  private UnavailabilityMapper() {}

  static Optional<Problem> toProblem(Throwable failure, @Nullable String requestId) {
    Optional<SQLException> outage = DatabaseOutage.findCause(failure);
    if (outage.isPresent())
      return Optional.of(
          DISK_FULL_STATE.equals(outage.get().getSQLState())
              ? diskFull(outage.get(), requestId)
              : unavailable(
                  "database_unavailable",
                  "The database is not available.",
                  outage.get(),
                  requestId));
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause())
      if (cause instanceof IOException io && isDiskFull(io))
        return Optional.of(diskFull(io, requestId));
    return Optional.empty();
  }

  private static Problem diskFull(Exception cause, @Nullable String requestId) {
    return unavailable("disk_full", "The disk of the service is full.", cause, requestId);
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
        .log("a request failed temporarily");
    return Problem.create(
            HttpStatus.SERVICE_UNAVAILABLE, code, detail + " Send the request again later.")
        .withRetryAfter(RETRY_AFTER);
  }
}
