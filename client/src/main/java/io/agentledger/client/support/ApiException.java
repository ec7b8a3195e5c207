package io.agentledger.client.support;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refusal of a request by the service ({@code application/problem+json}). */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final List<FieldError> errors;
  private final @Nullable String requestId;
  private final @Nullable Duration retryAfter;

  ApiException(ProblemBody problemBody) {
    super(problemBody.toMessage());
    this.status = problemBody.status();
    this.code = problemBody.code();
    this.errors = List.copyOf(problemBody.errors());
    this.requestId = problemBody.requestId();
    this.retryAfter = problemBody.retryAfter();
  }

  public int status() {
    return status;
  }

  /** Returns the stable code in snake case, for use by programs. */
  public String code() {
    return code;
  }

  /** Returns the invalid values; empty if the request is refused for another reason. */
  public List<FieldError> errors() {
    return errors;
  }

  /** Returns the id of the request, for reports to the operator. */
  public @Nullable String requestId() {
    return requestId;
  }

  /** Returns the delay after which to retry, if the service sent one. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Problem document as the service sent it. */
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
   * Invalid value in a request.
   *
   * @param location JSON pointer into the body, or name of the query parameter or header
   */
  public record FieldError(String location, String detail) implements Serializable {}
}
