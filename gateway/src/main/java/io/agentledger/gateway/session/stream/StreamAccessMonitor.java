package io.agentledger.gateway.session.stream;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.RevocationMonitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends streams whose caller has lost access: the credential was revoked, or the session was
 * unshared, transferred or deleted. After a sharing event it rechecks every subscription for some
 * seconds, because the read model may lag.
 */
@Component
final class StreamAccessMonitor {
  private static final Set<String> SHARING_EVENTS =
      Stream.of(
              SessionUnshared.class,
              SessionShared.class,
              SessionTransferred.class,
              SessionDeleted.class)
          .map(StableNames::of)
          .collect(Collectors.toUnmodifiableSet());

  private static final Duration RECHECK_INTERVAL = Duration.ofMillis(500);
  private static final int RECHECKS = 8;
  private static final int RECHECK_CONCURRENCY = 4;

  private static final StreamItem.Error REVOKED_ERROR =
      new StreamItem.Error(
          "unauthorized",
          "Your credential has expired or was revoked, or its permissions changed."
              + " Reconnect with a valid credential.");

  private final MessageGateway messageGateway;
  private final RevocationMonitor revocationMonitor;

  StreamAccessMonitor(MessageGateway messageGateway, RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.revocationMonitor = revocationMonitor;
  }

  /** Active until it is disposed of. */
  Disposable terminateOnRevocation(StreamSubscription<?> subscription) {
    return revocationMonitor
        .onRevoked(subscription.streamRequest().context())
        .subscribe(ignored -> {}, failure -> {}, () -> subscription.terminate(REVOKED_ERROR));
  }

  static boolean isSharingChange(StreamItem item) {
    return item.event() != null && SHARING_EVENTS.contains(item.event());
  }

  /** Rechecks all subscriptions of the session now and for the next seconds. */
  Disposable recheckRepeatedly(
      SessionId session, Supplier<List<StreamSubscription<?>>> subscriptions) {
    return Flux.interval(Duration.ZERO, RECHECK_INTERVAL)
        .take(RECHECKS)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                Flux.fromIterable(groupByCaller(subscriptions.get()).values())
                    .flatMap(
                        streamSubscriptions -> recheck(session, streamSubscriptions),
                        RECHECK_CONCURRENCY))
        .subscribe();
  }

  private static Map<Caller, List<StreamSubscription<?>>> groupByCaller(
      List<StreamSubscription<?>> subscriptions) {
    return subscriptions.stream()
        .collect(
            Collectors.groupingBy(subscription -> subscription.streamRequest().context().caller()));
  }

  private Mono<Void> recheck(SessionId session, List<StreamSubscription<?>> subscriptions) {
    var context = subscriptions.getFirst().streamRequest().context();
    return messageGateway
        .query(context, new FindSession(context.tenant(), session), SessionView.class)
        .then()
        .onErrorResume(
            failure -> {
              if (ProblemMapper.isRejection(failure)) {
                var problem = ProblemMapper.toProblem(failure, context.requestId());
                var error = new StreamItem.Error(problem.code(), problem.detail());
                subscriptions.forEach(subscription -> subscription.terminate(error));
              }
              return Mono.empty(); // A failed check is repeated.
            });
  }
}
