package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.crypto.PlainSealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;

/** The cost of planning a run does not depend on the length of its session. */
class SessionStatesTest {
  private static final SessionId SESSION = SessionId.next();

  private final List<Long> firstSequences = new ArrayList<>();
  private final InMemoryEventStorageEngine engine =
      new InMemoryEventStorageEngine() {
        @Override
        public DomainEventStream readEvents(String aggregate, long firstSequence) {
          firstSequences.add(firstSequence);
          return super.readEvents(aggregate, firstSequence);
        }
      };
  private final EmbeddedEventStore store =
      EmbeddedEventStore.builder().storageEngine(engine).build();
  private final SessionStates<Object> states = new SessionStates<>();
  private long appended;

  @Test
  void readsOnlyNewEventsOfASessionWithAProcess() {
    var process = Optional.<Object>of("process");
    append(5_000);
    var first = states.read(process, SessionState::catchUp, this::whole);
    append(3);
    assertThat(states.read(process, SessionState::catchUp, this::whole)).isSameAs(first);
    assertThat(states.read(process, SessionState::catchUp, this::whole)).isSameAs(first);
    assertThat(firstSequences).containsExactly(0L, 5_000L, 5_003L);
  }

  @Test
  void readsAllEventsForAnotherProcess() {
    append(10);
    var first = states.read(Optional.of("first"), SessionState::catchUp, this::whole);
    assertThat(states.read(Optional.of("second"), SessionState::catchUp, this::whole))
        .isNotSameAs(first);
    assertThat(states.read(Optional.empty(), SessionState::catchUp, this::whole))
        .isNotSameAs(first);
    assertThat(firstSequences).containsExactly(0L, 0L, 0L);
  }

  private SessionState whole() {
    var state = new SessionState(SESSION, store, new PlainSealer());
    state.catchUp();
    return state;
  }

  private void append(int count) {
    var provenance =
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    for (int i = 0; i < count; i++)
      engine.appendEvents(
          new GenericDomainEventMessage<>(
              "Session",
              SESSION.value(),
              appended++,
              new InterruptRequested(SESSION, RunId.next()),
              provenance.asMetadata()));
  }
}
