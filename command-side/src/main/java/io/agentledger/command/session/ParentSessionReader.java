package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.AgentConfigured;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.store.crypto.Sealer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Finds how sessions began. */
interface ParentSessionReader {
  Set<Class<?>> TELLING = Set.of(SessionOpened.class, ToolsSet.class, AgentConfigured.class);

  /**
   * @throws IllegalStateException if there is no such session
   */
  ParentSession read(SessionId session);

  /**
   * From the record: what a session is given stands right behind its opening, and other tools and
   * directories may be given to it later.
   */
  static ParentSessionReader read(EventStore store, Sealer sealer) {
    return session -> {
      var facts = new HashMap<Class<?>, Object>();
      var directories = new LinkedHashMap<String, DirectoryAdded>();
      store
          .readEvents(session.value())
          .asStream()
          .map(DomainEventMessage::getPayload)
          .forEach(
              fact -> {
                if (TELLING.contains(fact.getClass())) facts.put(fact.getClass(), fact);
                if (fact instanceof DirectoryAdded directoryAdded)
                  directories.put(directoryAdded.name(), directoryAdded);
                if (fact instanceof DirectoryRemoved directoryRemoved)
                  directories.remove(directoryRemoved.name());
              });
      return new ParentSession(
          last(facts, SessionOpened.class)
              .orElseThrow(() -> new IllegalStateException("no session " + session)),
          last(facts, ToolsSet.class),
          last(facts, AgentConfigured.class),
          List.copyOf(directories.values()),
          sealer);
    };
  }

  private static <T> Optional<T> last(Map<Class<?>, Object> facts, Class<T> type) {
    return Optional.ofNullable(facts.get(type)).map(type::cast);
  }
}
