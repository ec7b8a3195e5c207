package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SessionQuery.FindCapabilities;
import io.agentledger.api.session.query.SessionQuery.FindContext;
import io.agentledger.api.session.query.SessionQuery.FindSideRequest;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SideRequestFailed;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Submits side requests and waits for their answers. An answer is an event, so it arrives even if
 * another node has the session's process. The session fails a request that times out.
 */
@Component
class SideRequestService {
  /** Longer than the timeout of the session, whose failure should be reported first. */
  private static final Duration TIMEOUT = Duration.ofMinutes(11);

  private static final String REQUESTED_EVENT = "SideRequestSubmitted";
  private static final Set<String> COMPLETION_EVENTS =
      Set.of("SideRequestAnswered", "SideRequestFailed");

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final RevocationMonitor revocationMonitor;

  SideRequestService(
      MessageGateway messageGateway,
      SessionService sessionService,
      RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.revocationMonitor = revocationMonitor;
  }

  /**
   * Side request to submit.
   *
   * @param question null if the type has none
   */
  record SideRequest(RequestType type, @Nullable String question) {}

  /**
   * Returns the answer, or the reason of its failure. A repeated request gets the result of the
   * first one.
   */
  Mono<SideRequestView> submit(
      RequestContext context,
      SessionId session,
      SideRequest sideRequest,
      @Nullable Idempotency idempotency) {
    var text = sideRequest.question() == null ? "" : sideRequest.question();
    var request = new Input.SubmitSideRequest(SideRequestId.next(), sideRequest.type(), text);
    return sessionService
        .submit(context, session, List.of(request), idempotency)
        .flatMap(result -> messageGateway.onEventLoop(awaitCompletion(context, result)))
        .flatMap(sideRequestId -> find(context, session, sideRequestId));
  }

  /** Returns the completed request: the first one after the sequence of the receipt. */
  private Mono<SideRequestId> awaitCompletion(RequestContext context, SubmitResult result) {
    var completion =
        messageGateway.stream(
                context, new FollowSession(context.tenant(), result.sessionId(), result.after()))
            .filter(item -> REQUESTED_EVENT.equals(item.event()) || isCompletion(item))
            .switchOnFirst(
                (firstSignal, all) -> {
                  var first = firstSignal.get();
                  return first == null ? all : all.filter(item -> isCompletionOf(first, item));
                })
            .next()
            .map(SideRequestService::sideRequestId)
            .timeout(TIMEOUT);
    var revocation =
        revocationMonitor
            .onRevoked(context)
            .then(
                Mono.<SideRequestId>error(
                    () -> new BadCredentialsException("the credential was revoked")));
    return Mono.firstWithSignal(completion, revocation);
  }

  private static boolean isCompletionOf(StreamItem request, StreamItem item) {
    return isCompletion(item) && sideRequestId(item).equals(sideRequestId(request));
  }

  private static boolean isCompletion(StreamItem item) {
    return item.event() != null && COMPLETION_EVENTS.contains(item.event());
  }

  private static SideRequestId sideRequestId(StreamItem item) {
    var fields = ((StreamItem.Status) item.body()).fields();
    return new SideRequestId(String.valueOf(fields.get("side_request_id")));
  }

  Mono<SideRequestView> find(
      RequestContext context, SessionId session, SideRequestId sideRequestId) {
    return messageGateway.query(
        context,
        new FindSideRequest(context.tenant(), session, sideRequestId),
        SideRequestView.class);
  }

  Mono<ContextUsageView> findContextUsage(RequestContext context, SessionId session) {
    return messageGateway.query(
        context, new FindContext(context.tenant(), session), ContextUsageView.class);
  }

  /** Measures the context usage now; fails with {@link SideRequestFailed}. */
  Mono<ContextUsageView> refreshContextUsage(
      RequestContext context, SessionId session, @Nullable Idempotency idempotency) {
    return submit(context, session, new SideRequest(RequestType.CONTEXT, null), idempotency)
        .map(SideRequestService::requireSuccess)
        .flatMap(sideRequest -> findContextUsage(context, session));
  }

  Mono<CapabilitiesView> findCapabilities(RequestContext context, SessionId session) {
    return messageGateway.query(
        context, new FindCapabilities(context.tenant(), session), CapabilitiesView.class);
  }

  Mono<CapabilitiesView> refreshCapabilities(
      RequestContext context, SessionId session, @Nullable Idempotency idempotency) {
    return submit(context, session, new SideRequest(RequestType.CAPABILITIES, null), idempotency)
        .map(SideRequestService::requireSuccess)
        .flatMap(sideRequest -> findCapabilities(context, session));
  }

  /** Fails if the side request failed; the result itself is in another event than the answer. */
  static SideRequestView requireSuccess(SideRequestView sideRequestView) {
    if (sideRequestView.failureReason() != null)
      throw new RejectionException(
          new SideRequestFailed(
              sideRequestView.id().value(),
              sideRequestView.failureReason().name().toLowerCase(Locale.ROOT)));
    return sideRequestView;
  }
}
