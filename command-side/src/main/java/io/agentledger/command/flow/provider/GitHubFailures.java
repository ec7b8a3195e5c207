package io.agentledger.command.flow.provider;

import java.io.FileNotFoundException;
import java.time.Duration;
import org.kohsuke.github.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates exceptions of the GitHub library into the service's own. */
final class GitHubFailures {
  private static final Logger log = LoggerFactory.getLogger(GitHubFailures.class);
  private static final int NOT_FOUND = 404;
  private static final int INVALID = 422;
  private static final int ERROR = 400;
  private static final int CAUSES_MAX = 20;

  private GitHubFailures() {}

  /** Returns whether GitHub refuses the request as invalid. */
  static boolean isInvalid(Throwable failure) {
    return status(failure) == INVALID;
  }

  /** Returns the service's exception; unknown failures may be repeated. */
  static RuntimeException translate(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof ProviderRefusedException
          || cause instanceof ProviderUnavailableException) return (RuntimeException) cause;
    int status = status(failure);
    if (status >= ERROR) return ProviderRequests.refusal(status);
    log.atWarn()
        .addKeyValue("cause", failure.getClass().getName())
        .log("a response of GitHub could not be read");
    return new ProviderUnavailableException(
        "The response of GitHub could not be read.", Duration.ZERO);
  }

  private static int status(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth++ < CAUSES_MAX; cause = cause.getCause())
      if (cause instanceof HttpException http && http.getResponseCode() >= ERROR)
        return http.getResponseCode();
      else if (cause instanceof FileNotFoundException) return NOT_FOUND;
    return 0;
  }
}
