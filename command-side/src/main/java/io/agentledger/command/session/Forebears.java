package io.agentledger.command.session;

import io.agentledger.api.session.LifecycleEvent.DirectoryGiven;
import io.agentledger.api.session.LifecycleEvent.DirectoryTakenBack;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.LifecycleEvent.SetupGiven;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.SessionId;
import io.agentledger.store.content.Sealer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Finds how sessions began. */
interface Forebears {
  Set<Class<?>> TELLING = Set.of(SessionOpened.class, ToolsGiven.class, SetupGiven.class);

  /**
   * @throws IllegalStateException if there is no such session
   */
  Forebear of(SessionId session);

  /**
   * From the record: what a session is given stands right behind its opening, and other tools and
   * directories may be given to it later.
   */
  static Forebears of(EventStore store, Sealer sealer) {
    return session -> {
      var facts = new HashMap<Class<?>, Object>();
      var directories = new LinkedHashMap<String, DirectoryGiven>();
      store
          .readEvents(session.value())
          .asStream()
          .map(DomainEventMessage::getPayload)
          .forEach(
              fact -> {
                if (TELLING.contains(fact.getClass())) facts.put(fact.getClass(), fact);
                if (fact instanceof DirectoryGiven given) directories.put(given.name(), given);
                if (fact instanceof DirectoryTakenBack back) directories.remove(back.name());
              });
      return new Forebear(
          last(facts, SessionOpened.class)
              .orElseThrow(() -> new IllegalStateException("no session " + session)),
          last(facts, ToolsGiven.class),
          last(facts, SetupGiven.class),
          List.copyOf(directories.values()),
          sealer);
    };
  }

  private static <T> Optional<T> last(Map<Class<?>, Object> facts, Class<T> type) {
    return Optional.ofNullable(facts.get(type)).map(type::cast);
  }
}
