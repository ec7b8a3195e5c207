package io.agentledger.command.session;

import io.agentledger.api.session.LifecycleEvent.DirectoryGiven;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.LifecycleEvent.SetupGiven;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.SessionId;
import io.agentledger.store.content.Sealer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Finds how sessions began. */
interface Forebears {
  /**
   * @throws IllegalStateException if there is no such session
   */
  Forebear of(SessionId session);

  /** From the record: what a session is given stands right behind its opening. */
  static Forebears of(EventStore store, Sealer sealer) {
    return session -> {
      var facts =
          store.readEvents(session.value(), 0).asStream().takeWhile(Forebears::isGiven).toList();
      return new Forebear(
          first(facts, SessionOpened.class)
              .orElseThrow(() -> new IllegalStateException("no session " + session)),
          first(facts, ToolsGiven.class),
          first(facts, SetupGiven.class),
          all(facts, DirectoryGiven.class).toList(),
          sealer);
    };
  }

  private static <T> Optional<T> first(List<? extends DomainEventMessage<?>> facts, Class<T> type) {
    return all(facts, type).findFirst();
  }

  private static <T> Stream<T> all(List<? extends DomainEventMessage<?>> facts, Class<T> type) {
    return facts.stream()
        .map(DomainEventMessage::getPayload)
        .filter(type::isInstance)
        .map(type::cast);
  }

  private static boolean isGiven(DomainEventMessage<?> fact) {
    return switch (fact.getPayload()) {
      case SessionOpened _, ToolsGiven _, SetupGiven _, DirectoryGiven _ -> true;
      default -> false;
    };
  }
}
