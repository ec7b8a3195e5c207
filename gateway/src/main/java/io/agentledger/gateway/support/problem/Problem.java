package io.agentledger.gateway.support.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Problem details in the form of RFC 9457; the same for every protocol.
 *
 * @param type {@code /problems/<code>}
 * @param code stable, for programs
 * @param details fields of the rejection
 * @param retryAfterSeconds delay before another attempt may succeed
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    @Nullable String requestId,
    List<InvalidRequestException.Violation> errors,
    @Nullable Object details,
    @Nullable Long retryAfterSeconds) {

  public static Problem create(HttpStatus status, String code, String detail) {
    return new Problem(
        "/problems/" + code,
        status.getReasonPhrase(),
        status.value(),
        detail,
        code,
        null,
        List.of(),
        null,
        null);
  }

  Problem withErrors(List<InvalidRequestException.Violation> violations) {
    return new Problem(
        type, title, status, detail, code, requestId, violations, details, retryAfterSeconds);
  }

  /** Returns the problem with the fields of the details. */
  public Problem withDetails(Object rejection) {
    return new Problem(
        type, title, status, detail, code, requestId, errors, rejection, retryAfterSeconds);
  }

  Problem withRetryAfter(Duration retryAfter) {
    return new Problem(
        type,
        title,
        status,
        detail,
        code,
        requestId,
        errors,
        details,
        Math.ceilDiv(retryAfter.toMillis(), 1000));
  }

  /** Returns the problem with the id of the request. */
  public Problem withRequestId(@Nullable String request) {
    return new Problem(
        type, title, status, detail, code, request, errors, details, retryAfterSeconds);
  }
}
