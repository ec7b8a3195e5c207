package io.agentledger.store;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Reports a failed start on a full disk in one line, without a stack trace. */
final class DiskFullFailureAnalyzer implements FailureAnalyzer {
  private static final int DEPTH_MAX = 32;

  /** ENOSPC and EDQUOT, as the C library and PostgreSQL name them. */
  private static final Set<String> REASONS =
      Set.of("No space left on device", "Disk quota exceeded");

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    // Outer exceptions repeat the reason in a long line.
    @Nullable FailureAnalysis deepest = null;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause()) {
      Optional<String> line = findLine(String.valueOf(cause.getMessage()));
      if (line.isPresent()) deepest = toAnalysis(line.get(), cause);
    }
    return deepest;
  }

  private static FailureAnalysis toAnalysis(String line, Throwable cause) {
    return new FailureAnalysis(
        "A disk of the service is full: " + line,
        "Make room there, and start the service again. Nothing has to be repaired.",
        cause);
  }

  private static Optional<String> findLine(String message) {
    return message
        .lines()
        .filter(line -> REASONS.stream().anyMatch(line::contains))
        .reduce((first, second) -> second);
  }
}
