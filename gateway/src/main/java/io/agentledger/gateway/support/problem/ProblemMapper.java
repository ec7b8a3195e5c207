package io.agentledger.gateway.support.problem;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.IdentityRejection;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.QuotaRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireNames;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.axonframework.messaging.HandlerExecutionException;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.netty.channel.AbortedException;
import tools.jackson.core.JacksonException;

/** Maps a failure to a {@link Problem}; logs internal errors once. */
public final class ProblemMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

  /** Delay before a retry while a read model is being rebuilt. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private ProblemMapper() {}

  public static Problem toProblem(Throwable failure, @Nullable String requestId) {
    return UnavailabilityMapper.toProblem(failure, requestId)
        .or(() -> mapKnown(failure))
        .orElseGet(() -> serverError(failure, requestId))
        .withRequestId(requestId);
  }

  /** Returns whether the client has disconnected, so that it gets no response. */
  public static boolean isDisconnect(Throwable failure) {
    return failure instanceof AbortedException || AbortedException.isConnectionReset(failure);
  }

  /** Returns whether the failure is a rejection, local or from a message handler. */
  public static boolean isRejection(Throwable failure) {
    return failure instanceof RejectionException
        || failure instanceof HandlerExecutionException exception
            && exception.getDetails().orElse(null) instanceof Rejection;
  }

  private static Problem serverError(Throwable failure, @Nullable String requestId) {
    LOG.atError()
        .addKeyValue("requestId", requestId)
        .setCause(failure)
        .log("a request failed with an internal error");
    return Problem.create(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "The request failed with an internal error. "
            + "The service's log contains the cause under the request id.");
  }

  private static Optional<Problem> mapKnown(Throwable failure) {
    var cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
      // A stored event or token that cannot be read is not a fault of the request.
      if (cause instanceof SerializationException) return Optional.empty();
      var problem = mapOne(cause);
      if (problem != null) return Optional.of(problem);
    }
    return Optional.empty();
  }

  private static @Nullable Problem mapOne(Throwable failure) {
    return switch (failure) {
      case RejectionException exception -> mapRejection(exception.rejection());
      case HandlerExecutionException exception -> mapHandlerException(exception);
      case InvalidRequestException exception -> mapInvalidRequest(exception);
      case WebExchangeBindException exception ->
          invalidRequest(ConstraintViolationMapper.toViolations(exception));
      case JacksonException exception ->
          invalidRequest(InvalidRequestException.from(exception).errors());
      case DataBufferLimitException exception -> bodyTooLarge();
      case ServerWebInputException input -> mapInputException(input);
      case ConversionFailedException conversion
          when Id.class.isAssignableFrom(conversion.getTargetType().getType()) ->
          mapRejection(
              new Rejection.NotFound(
                  StableNames.of(conversion.getTargetType().getType()),
                  sanitize(conversion.getValue())));
      case AuthenticationServiceException exception ->
          Problem.create(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "issuer_unavailable",
                  "The token issuer's signing keys are temporarily unavailable. Try again later.")
              .withRetryAfter(RETRY_AFTER);
      case BadCredentialsException exception ->
          Problem.create(
              HttpStatus.UNAUTHORIZED,
              "unauthorized",
              "The API key or token is invalid, expired or revoked.");
      case AuthenticationException exception -> unauthorized();
      case AccessDeniedException exception ->
          Problem.create(HttpStatus.FORBIDDEN, "forbidden", "You are not allowed to do this.");
      case ErrorResponse response -> mapErrorResponse(response);
      case MessageDeliveryException exception ->
          Problem.create(HttpStatus.NOT_FOUND, "not_found", "There is no such route.");
      default -> null;
    };
  }

  private static Problem mapInvalidRequest(InvalidRequestException exception) {
    var rejection = exception.rejection();
    return rejection == null
        ? invalidRequest(exception.errors())
        : mapRejection(rejection).withErrors(exception.errors());
  }

  static Problem unauthorized() {
    return Problem.create(
        HttpStatus.UNAUTHORIZED,
        "unauthorized",
        "Authentication is required: send Authorization: Bearer, or X-API-Key.");
  }

  private static Problem bodyTooLarge() {
    return Problem.create(
        HttpStatus.CONTENT_TOO_LARGE,
        "body_too_large",
        "The request body exceeds the limit: 1 MiB, 8 MiB for requests with prompts, or 25 MiB for"
            + " webhooks.");
  }

  private static @Nullable Problem mapHandlerException(HandlerExecutionException exception) {
    return exception.getDetails().orElse(null) instanceof Rejection rejection
        ? mapRejection(rejection)
        : null;
  }

  private static Problem invalidRequest(List<InvalidRequestException.Violation> errors) {
    return Problem.create(HttpStatus.BAD_REQUEST, "invalid_request", "The request is not valid.")
        .withErrors(errors.stream().distinct().toList());
  }

  private static Problem mapRejection(Rejection rejection) {
    var problem =
        Problem.create(RejectionStatus.of(rejection), rejection.code(), rejection.message())
            .withDetails(rejection);
    return switch (rejection) {
      case SessionRejection.QueueFull rejected -> problem.withRetryAfter(rejected.retryAfter());
      case QuotaRejection.LimitReached rejected -> problem.withRetryAfter(rejected.retryAfter());
      case OpsRejection.ProjectionRebuilding rejected -> problem.withRetryAfter(RETRY_AFTER);
      case IdentityRejection.TooManyAttempts rejected ->
          problem.withRetryAfter(rejected.retryAfter());
      case SessionRejection.SessionBusy rejected -> problem.withRetryAfter(rejected.retryAfter());
      case Rejection.Busy rejected -> problem.withRetryAfter(rejected.retryAfter());
      default -> problem;
    };
  }

  /**
   * Maps an invalid parameter: a malformed id in a path is reported as not found, everything else
   * as an invalid request.
   */
  private static Problem mapInputException(ServerWebInputException input) {
    var jackson = findCause(input, JacksonException.class);
    if (jackson != null) return invalidRequest(InvalidRequestException.from(jackson).errors());
    if (findCause(input, DataBufferLimitException.class) != null) return bodyTooLarge();
    var parameter = input.getMethodParameter();
    var mismatch = findCause(input, TypeMismatchException.class);
    if (parameter != null && mismatch != null) return mapTypeMismatch(parameter, mismatch);
    if (parameter != null
        && parameter.hasParameterAnnotation(
            org.springframework.web.bind.annotation.RequestBody.class))
      return invalidRequest(InvalidRequestException.body("", missingBody(parameter)).errors());
    return invalidRequest(List.of(ParameterViolations.ofMissing(parameter)));
  }

  private static String missingBody(MethodParameter parameter) {
    return parameter.getParameterType() == byte[].class
        ? "is required: send a zip archive"
        : "is required: send a JSON object";
  }

  private static Problem mapTypeMismatch(
      MethodParameter parameter, TypeMismatchException mismatch) {
    var type = parameter.nestedIfOptional().getNestedParameterType();
    if (parameter.hasParameterAnnotation(PathVariable.class))
      return Id.class.isAssignableFrom(type)
          ? mapRejection(
              new Rejection.NotFound(resourceType(parameter, type), sanitize(mismatch.getValue())))
          : Problem.create(HttpStatus.NOT_FOUND, "not_found", "There is no such resource.");
    return invalidRequest(List.of(ParameterViolations.ofMismatch(parameter)));
  }

  /**
   * Returns the type of the resource: login for {@code loginId}; for {@code id}, that of the id's
   * class.
   */
  private static String resourceType(MethodParameter parameter, Class<?> type) {
    var name = String.valueOf(parameter.getParameterName());
    return name.endsWith("Id")
        ? WireNames.toSnakeCase(name.substring(0, name.length() - 2))
        : StableNames.of(type);
  }

  /**
   * Returns the value in a form that is safe to repeat: at most 40 characters of an id's alphabet.
   */
  private static String sanitize(@Nullable Object value) {
    var text = String.valueOf(value).replaceAll("[^A-Za-z0-9_.-]", "?");
    return text.length() <= 40 ? text : text.substring(0, 40);
  }

  private static Problem mapErrorResponse(ErrorResponse response) {
    var status = HttpStatus.resolve(response.getStatusCode().value());
    if (status == null || status.is5xxServerError() && status != HttpStatus.SERVICE_UNAVAILABLE)
      return Problem.create(
          HttpStatus.INTERNAL_SERVER_ERROR,
          "internal",
          "The request failed with an internal error.");
    return switch (status) {
      case CONTENT_TOO_LARGE -> bodyTooLarge();
      case NOT_FOUND ->
          Problem.create(
              status, "not_found", "There is no such route. Compare the path with /v3/api-docs.");
      case METHOD_NOT_ALLOWED ->
          Problem.create(
              status, "method_not_allowed", "This method is not allowed here." + allowed(response));
      case UNSUPPORTED_MEDIA_TYPE -> Problem.create(status, codeOf(status), typeRule(response));
      case NOT_ACCEPTABLE ->
          Problem.create(
              status,
              "not_acceptable",
              "None of the accepted media types is available." + allowed(response));
      case PRECONDITION_REQUIRED ->
          Problem.create(
              status,
              codeOf(status),
              "The If-Match header is missing. Send the ETag of the last response.");
      case REQUESTED_RANGE_NOT_SATISFIABLE ->
          Problem.create(status, codeOf(status), String.valueOf(response.getBody().getDetail()));
      default -> Problem.create(status, codeOf(status), status.getReasonPhrase() + ".");
    };
  }

  /** Returns the rule that names the only media type of the route; JSON if it has several. */
  private static String typeRule(ErrorResponse response) {
    if (!(response instanceof UnsupportedMediaTypeStatusException refused))
      return String.valueOf(response.getBody().getDetail());
    var types = refused.getSupportedMediaTypes();
    return "The body must be "
        + (types.size() == 1 ? types.getFirst().toString() : "application/json")
        + ".";
  }

  /** Returns a sentence with the methods or media types that the route has; empty if unknown. */
  private static String allowed(ErrorResponse response) {
    Collection<?> names =
        switch (response) {
          case MethodNotAllowedException method -> method.getSupportedMethods();
          case NotAcceptableStatusException type -> type.getSupportedMediaTypes();
          default -> List.of();
        };
    return names.isEmpty()
        ? ""
        : names.stream()
            .map(String::valueOf)
            .sorted()
            .collect(Collectors.joining(" or ", " Use ", "."));
  }

  private static String codeOf(HttpStatus status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static <T extends Throwable> @Nullable T findCause(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause())
      if (type.isInstance(cause)) return type.cast(cause);
    return null;
  }
}
