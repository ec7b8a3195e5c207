package io.agentledger.gateway.support.problem;

import io.agentledger.api.shared.EnvironmentRejection;
import io.agentledger.api.shared.HookRejection;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.IdentityRejection;
import io.agentledger.api.shared.McpRejection;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.PermissionRejection;
import io.agentledger.api.shared.QuotaRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.VaultRejection;
import io.agentledger.api.shared.WorkspaceRejection;
import io.agentledger.gateway.support.json.WireNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
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
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.core.JacksonException;

/** Turns whatever went wrong into a {@link Problem}; faults of ours are logged here, once. */
public final class ProblemMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

  /** When to look again at what is being filled. */
  private static final Duration REBUILDING = Duration.ofSeconds(2);

  private ProblemMapper() {}

  public static Problem toProblem(Throwable failure, @Nullable String requestId) {
    return mapKnown(failure).orElseGet(() -> serverError(failure, requestId)).in(requestId);
  }

  /** Whether it is a business "no", here or on the other side of a bus. */
  public static boolean isRejection(Throwable failure) {
    return failure instanceof RejectionException
        || failure instanceof HandlerExecutionException carrier
            && carrier.getDetails().orElse(null) instanceof Rejection;
  }

  private static Problem serverError(Throwable failure, @Nullable String requestId) {
    LOG.atError()
        .addKeyValue("requestId", requestId)
        .setCause(failure)
        .log("a request failed by a fault of ours");
    return Problem.create(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something is wrong on our side; the request id finds it in the log.");
  }

  private static Optional<Problem> mapKnown(Throwable failure) {
    var cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
      var problem = one(cause);
      if (problem != null) return Optional.of(problem);
    }
    return Optional.empty();
  }

  private static @Nullable Problem one(Throwable failure) {
    return switch (failure) {
      case RejectionException no -> rejection(no.rejection());
      case HandlerExecutionException carrier -> carried(carrier);
      case InvalidRequestException invalid -> invalid(invalid.errors());
      case WebExchangeBindException invalid ->
          invalid(ConstraintViolationMapper.toViolations(invalid));
      case JacksonException unreadable ->
          invalid(InvalidRequestException.from(unreadable).errors());
      case DataBufferLimitException large -> tooLarge();
      case ServerWebInputException input -> input(input);
      case AuthenticationServiceException away ->
          Problem.create(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "issuer_unavailable",
                  "Who has issued the token cannot be asked for its keys just now.")
              .retryAfter(REBUILDING);
      case BadCredentialsException wrong ->
          Problem.create(
              HttpStatus.UNAUTHORIZED,
              "unauthorized",
              "The key or token is not valid, or not any more.");
      case AuthenticationException unknown -> unauthorized();
      case AccessDeniedException denied ->
          Problem.create(HttpStatus.FORBIDDEN, "forbidden", "This is not allowed to you.");
      case ErrorResponse response -> spoken(response);
      case MessageDeliveryException nobody ->
          Problem.create(HttpStatus.NOT_FOUND, "not_found", "There is no such route.");
      default -> null;
    };
  }

  static Problem unauthorized() {
    return Problem.create(
        HttpStatus.UNAUTHORIZED,
        "unauthorized",
        "A key is needed: Authorization: Bearer, or X-API-Key.");
  }

  private static Problem tooLarge() {
    return Problem.create(
        HttpStatus.CONTENT_TOO_LARGE,
        "body_too_large",
        "The body is larger than it may be: 1 MiB, or 8 MiB where prompts are said.");
  }

  private static @Nullable Problem carried(HandlerExecutionException carrier) {
    return carrier.getDetails().orElse(null) instanceof Rejection no ? rejection(no) : null;
  }

  private static Problem invalid(List<InvalidRequestException.Violation> errors) {
    return Problem.create(HttpStatus.BAD_REQUEST, "invalid_request", "The request is not valid.")
        .with(errors);
  }

  private static Problem rejection(Rejection no) {
    var problem = Problem.create(status(no), no.code(), no.message()).about(no);
    return switch (no) {
      case SessionRejection.QueueFull full -> problem.retryAfter(full.retryAfter());
      case QuotaRejection.LimitReached reached -> problem.retryAfter(reached.retryAfter());
      case OpsRejection.ProjectionRebuilding soon -> problem.retryAfter(REBUILDING);
      case IdentityRejection.TooManyAttempts later -> problem.retryAfter(later.retryAfter());
      case SessionRejection.SessionBusy later -> problem.retryAfter(later.retryAfter());
      case Rejection.Busy soon -> problem.retryAfter(soon.retryAfter());
      default -> problem;
    };
  }

  /** A new "no" does not compile until it has a status. */
  private static HttpStatus status(Rejection rejection) {
    return switch (rejection) {
      case Rejection.NotFound no -> HttpStatus.NOT_FOUND;
      case Rejection.Forbidden no -> HttpStatus.FORBIDDEN;
      case Rejection.TooMany no -> HttpStatus.CONFLICT;
      case Rejection.NameTaken no -> HttpStatus.CONFLICT;
      case Rejection.InUse no -> HttpStatus.CONFLICT;
      case Rejection.AlreadyIssued no -> HttpStatus.CONFLICT;
      case Rejection.Busy no -> HttpStatus.TOO_MANY_REQUESTS;
      case Rejection.IdempotencyKeyReused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case Rejection.InvalidCursor no -> HttpStatus.BAD_REQUEST;
      case Rejection.Archived no -> HttpStatus.CONFLICT;
      case Rejection.VersionConflict no -> HttpStatus.PRECONDITION_FAILED;
      case SessionRejection.QueueFull no -> HttpStatus.CONFLICT;
      case SessionRejection.QueryNotQueued no -> HttpStatus.CONFLICT;
      case SessionRejection.TaskNotRunning no -> HttpStatus.CONFLICT;
      case SessionRejection.CallNotRunning no -> HttpStatus.CONFLICT;
      case SessionRejection.NoConversation no -> HttpStatus.CONFLICT;
      case SessionRejection.SideRequestFailed no -> HttpStatus.BAD_GATEWAY;
      case SessionRejection.SessionEnded no -> HttpStatus.CONFLICT;
      case SessionRejection.SessionExpired no -> HttpStatus.GONE;
      case SessionRejection.SessionBusy no -> HttpStatus.CONFLICT;
      case SessionRejection.AlreadySettled no -> HttpStatus.CONFLICT;
      case SessionRejection.InputChanged no -> HttpStatus.CONFLICT;
      case SessionRejection.FormRefused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case SessionRejection.StaleEpoch no -> HttpStatus.CONFLICT;
      case SessionRejection.NotRunning no -> HttpStatus.CONFLICT;
      case SessionRejection.AnswerTypeMismatch no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case WorkspaceRejection.WorkspaceRefused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case WorkspaceRejection.DirectoryRefused no -> HttpStatus.BAD_REQUEST;
      case WorkspaceRejection.DirectoryNameTaken no -> HttpStatus.CONFLICT;
      case SessionRejection.SandboxNeeded no -> HttpStatus.FORBIDDEN;
      case WorkspaceRejection.FileChanged no -> HttpStatus.PRECONDITION_FAILED;
      case QuotaRejection.LimitReached no -> HttpStatus.TOO_MANY_REQUESTS;
      case QuotaRejection.BudgetExhausted no -> HttpStatus.PAYMENT_REQUIRED;
      case QuotaRejection.StorageFull no -> HttpStatus.CONTENT_TOO_LARGE;
      case IdentityRejection.WrongCredentials no -> HttpStatus.UNAUTHORIZED;
      case IdentityRejection.LoginExpired no -> HttpStatus.UNAUTHORIZED;
      case IdentityRejection.TooManyAttempts no -> HttpStatus.TOO_MANY_REQUESTS;
      case IdentityRejection.RefreshSuperseded no -> HttpStatus.CONFLICT;
      case IdentityRejection.IdentityRefused no -> HttpStatus.CONFLICT;
      case IdentityRejection.RegistrationClosed no -> HttpStatus.FORBIDDEN;
      case IdentityRejection.InvitationInvalid no -> HttpStatus.GONE;
      case VaultRejection.VaultFull no -> HttpStatus.CONFLICT;
      case VaultRejection.SecretTargetMismatch no -> HttpStatus.CONFLICT;
      case VaultRejection.SecretTooLarge no -> HttpStatus.CONTENT_TOO_LARGE;
      case PermissionRejection.PolicyRefused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case EnvironmentRejection.EnvironmentRefused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case EnvironmentRejection.DefaultEnvironmentRequired no -> HttpStatus.CONFLICT;
      case HookRejection.HookRefused no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case McpRejection.McpServerUnusable no -> HttpStatus.UNPROCESSABLE_CONTENT;
      case McpRejection.McpSnapshotMismatch no -> HttpStatus.CONFLICT;
      case OpsRejection.ProjectionRebuilding no -> HttpStatus.SERVICE_UNAVAILABLE;
      case OpsRejection.RotationUnderway no -> HttpStatus.CONFLICT;
      case OpsRejection.NoOtherMasterKey no -> HttpStatus.CONFLICT;
      case OpsRejection.MasterKeyInUse no -> HttpStatus.CONFLICT;
    };
  }

  /** A malformed id in a path names nothing; everything else is a malformed request. */
  private static Problem input(ServerWebInputException input) {
    var jackson = causeOf(input, JacksonException.class);
    if (jackson != null) return invalid(InvalidRequestException.from(jackson).errors());
    if (causeOf(input, DataBufferLimitException.class) != null) return tooLarge();
    var parameter = input.getMethodParameter();
    var mismatch = causeOf(input, TypeMismatchException.class);
    if (parameter != null && mismatch != null) return mismatched(parameter, mismatch);
    if (parameter != null
        && parameter.hasParameterAnnotation(
            org.springframework.web.bind.annotation.RequestBody.class))
      return invalid(InvalidRequestException.body("", "must not be missing").errors());
    return invalid(
        InvalidRequestException.parameter(name(parameter), "must not be missing").errors());
  }

  private static Problem mismatched(MethodParameter parameter, TypeMismatchException mismatch) {
    var type = parameter.nestedIfOptional().getNestedParameterType();
    if (parameter.hasParameterAnnotation(PathVariable.class))
      return Id.class.isAssignableFrom(type)
          ? rejection(new Rejection.NotFound(StableNames.of(type), shown(mismatch.getValue())))
          : Problem.create(HttpStatus.NOT_FOUND, "not_found", "There is nothing here.");
    var rule =
        type.isEnum()
            ? WireNames.listed(type)
            : Number.class.isAssignableFrom(type) || type.isPrimitive()
                ? "must be a whole number"
                : Id.class.isAssignableFrom(type)
                    ? "must be an id of that kind"
                    : "must be of another type";
    return invalid(InvalidRequestException.parameter(name(parameter), rule).errors());
  }

  /** What was sent, as far as it may be repeated: an id's alphabet and no more than 40 of it. */
  private static String shown(@Nullable Object sent) {
    var text = String.valueOf(sent).replaceAll("[^A-Za-z0-9_.-]", "?");
    return text.length() <= 40 ? text : text.substring(0, 40);
  }

  private static String name(@Nullable MethodParameter parameter) {
    var name = parameter == null ? null : parameter.getParameterName();
    return name == null ? "?" : WireNames.snake(name);
  }

  private static Problem spoken(ErrorResponse response) {
    var status = HttpStatus.resolve(response.getStatusCode().value());
    if (status == null || status.is5xxServerError() && status != HttpStatus.SERVICE_UNAVAILABLE)
      return Problem.create(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong.");
    return switch (status) {
      case CONTENT_TOO_LARGE -> tooLarge();
      case NOT_FOUND -> Problem.create(status, "not_found", "There is nothing here.");
      case METHOD_NOT_ALLOWED ->
          Problem.create(status, "method_not_allowed", "This method is not allowed here.");
      case UNSUPPORTED_MEDIA_TYPE ->
          Problem.create(status, "unsupported_media_type", "The body must be application/json.");
      case NOT_ACCEPTABLE ->
          Problem.create(status, "not_acceptable", "None of the accepted types is spoken here.");
      default -> Problem.create(status, defaultDetail(status), status.getReasonPhrase() + ".");
    };
  }

  private static String defaultDetail(HttpStatus status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause())
      if (type.isInstance(cause)) return type.cast(cause);
    return null;
  }
}
