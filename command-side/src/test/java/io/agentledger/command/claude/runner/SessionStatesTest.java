package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.crypto.PlainSealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
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

  @Test
  void plannedRunIsReadWithoutAQueryIfItsQueryIsInMemory() {
    var run = RunId.next();
    var issued = message(0, issued(run));
    var state =
        new SessionState(
            SESSION, store, (session, first) -> Optional.of(List.of(issued)), new PlainSealer());
    assertThat(state.catchUpTo(run)).containsExactly(issued.getPayload());
    assertThat(state.run(run)).isPresent();
    assertThat(firstSequences).isEmpty();
  }

  @Test
  void plannedRunIsReadByAQueryIfItsQueryIsNotInMemory() {
    var run = RunId.next();
    append(1);
    engine.appendEvents(message(1, issued(run)));
    var known = message(0, new InterruptRequested(SESSION, RunId.next()));
    var state =
        new SessionState(
            SESSION, store, (session, first) -> Optional.of(List.of(known)), new PlainSealer());
    assertThat(state.catchUpTo(run)).hasSize(2);
    assertThat(state.run(run)).isPresent();
    assertThat(firstSequences).containsExactly(1L);
  }

  private SessionState whole() {
    var state = new SessionState(SESSION, store, new PlainSealer());
    state.catchUp();
    return state;
  }

  private void append(int count) {
    for (int i = 0; i < count; i++)
      engine.appendEvents(message(appended++, new InterruptRequested(SESSION, RunId.next())));
  }

  private static DomainEventMessage<SessionEvent> message(long sequence, SessionEvent event) {
    var provenance =
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    return new GenericDomainEventMessage<>(
        "Session", SESSION.value(), sequence, event, provenance.asMetadata());
  }

  private static QueryIssued issued(RunId run) {
    var options =
        new RunOptions("m", PermissionMode.DEFAULT, List.of(), List.of(), 1, Duration.ofSeconds(1));
    return new QueryIssued(SESSION, QueryId.next(), run, Cause.USER, options, Content.ABSENT);
  }
}
