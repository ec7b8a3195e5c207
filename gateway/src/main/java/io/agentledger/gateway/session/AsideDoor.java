package io.agentledger.gateway.session;

import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.AsideView;
import io.agentledger.api.session.CapabilitiesView;
import io.agentledger.api.session.ContextView;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.Receipt;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.FindAside;
import io.agentledger.api.session.SessionQuery.FindCapabilities;
import io.agentledger.api.session.SessionQuery.FindContext;
import io.agentledger.api.session.SessionQuery.FollowSession;
import io.agentledger.api.session.StreamItem;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.SessionRejection.AsideUnanswered;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Presence;
import io.agentledger.gateway.support.Visit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Asks something beside a session's conversation and waits for the answer, which is a fact: so it
 * comes from whichever node has the session's process. The session itself says when it takes too
 * long.
 */
@Component
class AsideDoor {
  /** Longer than the house lets anybody wait, so that it has the first word. */
  private static final Duration PATIENCE = Duration.ofMinutes(11);

  private static final String ASKED = "AsideAsked";
  private static final Set<String> SETTLED = Set.of("AsideAnswered", "AsideFailed");

  private final Bus bus;
  private final SessionDoor door;
  private final Presence presence;

  AsideDoor(Bus bus, SessionDoor door, Presence presence) {
    this.bus = bus;
    this.door = door;
    this.presence = presence;
  }

  /**
   * What is asked.
   *
   * @param words null where there are none
   */
  record Asked(Kind kind, @Nullable String words) {}

  /** The answer, or why there is none. A repeated wish gets the first one's. */
  Mono<AsideView> ask(
      Visit visit, SessionId session, Asked what, @Nullable Idempotency idempotency) {
    var words = what.words() == null ? "" : what.words();
    var wish = new Input.AskAside(AsideId.next(), what.kind(), words);
    return door.submit(visit, session, List.of(wish), idempotency)
        .flatMap(receipt -> bus.back(settlement(visit, receipt)))
        .flatMap(aside -> find(visit, session, aside));
  }

  /** Which one is settled: the one that was asked behind the receipt's number. */
  private Mono<AsideId> settlement(Visit visit, Receipt receipt) {
    var about =
        bus.follow(visit, new FollowSession(visit.tenant(), receipt.sessionId(), receipt.after()))
            .filter(item -> ASKED.equals(item.fact()) || isSettlement(item))
            .switchOnFirst(
                (asked, all) -> {
                  var first = asked.get();
                  return first == null ? all : all.filter(item -> isEndOf(first, item));
                })
            .next()
            .map(AsideDoor::aside)
            .timeout(PATIENCE);
    var gone =
        presence
            .over(visit)
            .then(Mono.<AsideId>error(() -> new BadCredentialsException("not any more")));
    return Mono.firstWithSignal(about, gone);
  }

  private static boolean isEndOf(StreamItem asked, StreamItem item) {
    return isSettlement(item) && aside(item).equals(aside(asked));
  }

  private static boolean isSettlement(StreamItem item) {
    return item.fact() != null && SETTLED.contains(item.fact());
  }

  private static AsideId aside(StreamItem item) {
    var fields = ((StreamItem.Status) item.body()).fields();
    return new AsideId(String.valueOf(fields.get("aside_id")));
  }

  Mono<AsideView> find(Visit visit, SessionId session, AsideId aside) {
    return bus.ask(visit, new FindAside(visit.tenant(), session, aside), AsideView.class);
  }

  Mono<ContextView> context(Visit visit, SessionId session) {
    return bus.ask(visit, new FindContext(visit.tenant(), session), ContextView.class);
  }

  /** Has it measured now; where that failed, {@link AsideUnanswered} says why. */
  Mono<ContextView> measure(Visit visit, SessionId session, @Nullable Idempotency idempotency) {
    return ask(visit, session, new Asked(Kind.CONTEXT, null), idempotency)
        .map(AsideDoor::answered)
        .flatMap(answered -> context(visit, session));
  }

  Mono<CapabilitiesView> capabilities(Visit visit, SessionId session) {
    return bus.ask(visit, new FindCapabilities(visit.tenant(), session), CapabilitiesView.class);
  }

  Mono<CapabilitiesView> look(Visit visit, SessionId session, @Nullable Idempotency idempotency) {
    return ask(visit, session, new Asked(Kind.CAPABILITIES, null), idempotency)
        .map(AsideDoor::answered)
        .flatMap(answered -> capabilities(visit, session));
  }

  /** What was wanted is another fact than the answer: without an answer there is none. */
  static AsideView answered(AsideView aside) {
    if (aside.silence() != null)
      throw new Rejected(
          new AsideUnanswered(aside.id().value(), aside.silence().name().toLowerCase(Locale.ROOT)));
    return aside;
  }
}
