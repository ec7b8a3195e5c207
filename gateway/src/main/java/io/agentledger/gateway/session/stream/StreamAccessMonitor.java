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
  private static final int LOOKS = 8;
  private static final int AT_ONCE = 4;

  private static final StreamItem.Error NOBODY =
      new StreamItem.Error(
          "unauthorized", "What you came with does not count any more, or not for the same.");

  private final MessageGateway bus;
  private final RevocationMonitor presence;

  StreamAccessMonitor(MessageGateway bus, RevocationMonitor presence) {
    this.bus = bus;
    this.presence = presence;
  }

  /** Until it is disposed of. */
  Disposable watch(StreamSubscription<?> follower) {
    return presence
        .over(follower.plan().visit())
        .subscribe(nothing -> {}, failure -> {}, () -> follower.expel(NOBODY));
  }

  static boolean changesRights(StreamItem item) {
    return item.fact() != null && RIGHTS_CHANGED.contains(item.fact());
  }

  /** Asks about everybody who follows the session now and in the next seconds. */
  Disposable lookAt(SessionId session, Supplier<List<StreamSubscription<?>>> followers) {
    return Flux.interval(Duration.ZERO, LOOKED_AGAIN_AFTER)
        .take(LOOKS)
        .onBackpressureDrop()
        .concatMap(
            look ->
                Flux.fromIterable(byCaller(followers.get()).values())
                    .flatMap(same -> look(session, same), AT_ONCE))
        .subscribe();
  }

  private static Map<Caller, List<StreamSubscription<?>>> byCaller(
      List<StreamSubscription<?>> followers) {
    return followers.stream()
        .collect(Collectors.groupingBy(follower -> follower.plan().visit().caller()));
  }

  private Mono<Void> look(SessionId session, List<StreamSubscription<?>> same) {
    var visit = same.getFirst().plan().visit();
    return bus.ask(visit, new FindSession(visit.tenant(), session), SessionView.class)
        .then()
        .onErrorResume(
            failure -> {
              if (ProblemMapper.isRejection(failure)) {
                var problem = ProblemMapper.of(failure, visit.requestId());
                var why = new StreamItem.Error(problem.code(), problem.detail());
                same.forEach(follower -> follower.expel(why));
              }
              return Mono.empty(); // Else it was no answer, and is asked again.
            });
  }
}
