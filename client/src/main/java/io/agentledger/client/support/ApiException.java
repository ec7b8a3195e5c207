package io.agentledger.client.support;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The service said no: {@code application/problem+json}, as an exception. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable String requestId;
  private final @Nullable Duration retryAfter;

  ApiException(ProblemBody problemBody) {
    super(problemBody.toMessage());
    this.status = problemBody.status();
    this.code = problemBody.code();
    this.requestId = problemBody.requestId();
    this.retryAfter = problemBody.retryAfter();
  }

  public int status() {
    return status;
  }

  /** Stable, snake case; what programs switch on. */
  public String code() {
    return code;
  }

  /** What to quote when asking somebody about it. */
  public @Nullable String requestId() {
    return requestId;
  }

  /** When it may go better, if the service knows. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The problem as it was sent. */
  record ProblemBody(
      int status,
      String code,
      String detail,
      List<FieldError> errors,
      @Nullable String requestId,
      @Nullable Duration retryAfter) {
    String toMessage() {
      if (errors.isEmpty()) return detail;
      return errors.stream()
          .map(error -> error.location() + ": " + error.detail())
          .collect(Collectors.joining("; ", detail + " ", ""));
    }
  }

  /**
   * One value that is wrong.
   *
   * @param location JSON pointer into the body, or name of the query parameter or header
   */
  record FieldError(String location, String detail) {}
}
