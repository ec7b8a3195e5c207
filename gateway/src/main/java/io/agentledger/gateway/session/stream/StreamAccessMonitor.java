package io.agentledger.gateway.session.stream;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.RevocationMonitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the streams of those who may not have them any more: whose credential does not count, or
 * whose share of the session was taken back. Of the second the session's own facts tell; then every
 * caller among its followers is asked about for as long as a read model may lag behind.
 */
@Component
final class StreamAccessMonitor {
  private static final Set<String> RIGHTS_CHANGED =
      Set.of("SessionUnshared", "SessionShared", "SessionHandedOver", "SessionDeleted");

  private static final Duration LOOKED_AGAIN_AFTER = Duration.ofMillis(500);
  private static final int RECHECKS = 8;
  private static final int AT_ONCE = 4;

  private static final StreamItem.Error NOBODY =
      new StreamItem.Error(
          "unauthorized", "What you came with does not count any more, or not for the same.");

  private final MessageGateway messageGateway;
  private final RevocationMonitor revocationMonitor;

  StreamAccessMonitor(MessageGateway messageGateway, RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.revocationMonitor = revocationMonitor;
  }

  /** Until it is disposed of. */
  Disposable watch(StreamSubscription<?> subscription) {
    return revocationMonitor
        .onRevoked(subscription.plan().visit())
        .subscribe(nothing -> {}, failure -> {}, () -> subscription.terminate(NOBODY));
  }

  static boolean changesRights(StreamItem item) {
    return item.fact() != null && RIGHTS_CHANGED.contains(item.fact());
  }

  /** Asks about everybody who follows the session now and in the next seconds. */
  Disposable watch(SessionId session, Supplier<List<StreamSubscription<?>>> streamSubscription) {
    return Flux.interval(Duration.ZERO, LOOKED_AGAIN_AFTER)
        .take(RECHECKS)
        .onBackpressureDrop()
        .concatMap(
            look ->
                Flux.fromIterable(byCaller(streamSubscription.get()).values())
                    .flatMap(same -> recheck(session, same), AT_ONCE))
        .subscribe();
  }

  private static Map<Caller, List<StreamSubscription<?>>> byCaller(
      List<StreamSubscription<?>> streamSubscriptions) {
    return streamSubscriptions.stream()
        .collect(Collectors.groupingBy(subscription -> subscription.plan().visit().caller()));
  }

  private Mono<Void> recheck(SessionId session, List<StreamSubscription<?>> same) {
    var context = same.getFirst().plan().visit();
    return messageGateway
        .query(context, new FindSession(context.tenant(), session), SessionView.class)
        .then()
        .onErrorResume(
            failure -> {
              if (ProblemMapper.isRejection(failure)) {
                var problem = ProblemMapper.toProblem(failure, context.requestId());
                var why = new StreamItem.Error(problem.code(), problem.detail());
                same.forEach(subscription -> subscription.terminate(why));
              }
              return Mono.empty(); // Else it was no answer, and is asked again.
            });
  }
}
