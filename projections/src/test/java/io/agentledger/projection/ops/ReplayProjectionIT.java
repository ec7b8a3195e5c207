package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ProjectionTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ReplayProjectionIT extends ProjectionTestSupport {
  private static final int SESSIONS = 500;

  @Autowired CommandGateway commands;
  @Autowired EventProcessingConfiguration processing;

  @BeforeEach
  void history() {
    if (sessions.count() >= SESSIONS) return;
    var events = new ArrayList<EventMessage<?>>();
    for (int i = 0; i < SESSIONS; i++)
      newSession(events).completeSession().sideRequest("Why?", "So.").capabilitiesReported("{}");
    append(events);
    awaitHead();
  }

  private void replay() {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("session", null)));
  }

  @Test
  void replayYieldsTheSameRowsAndQueriesWorkMeanwhile() {
    var before = rows();
    var done = new AtomicBoolean();
    var seen = new ConcurrentSkipListSet<Long>();
    var reader =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) seen.add(sessions.count());
            });
    replay();
    awaitHead();
    done.set(true);
    reader.join(); // No query failed.
    assertThat(rows()).isEqualTo(before);
    assertThat(seen.first()).isLessThan(SESSIONS); // The replay started with empty tables.
  }

  @Test
  void eventsDuringAReplayAreNotLost() {
    replay();
    var fixture = newSession().completeSession();
    awaitHead();
    awaitSeen(fixture);
    assertThat(sessions.findById(fixture.id.value()).orElseThrow().runs()).isEqualTo(1);
  }

  @Test
  void progressIsReported() {
    replay();
    var positions = new ArrayList<Long>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              var state = projections.state("session");
              if (state.replaying()) positions.add(state.position());
              return !state.replaying();
            });
    assertThat(positions).isNotEmpty().isSorted();
    awaitHead();
  }

  @Test
  void rejectsASecondConcurrentReplay() {
    replay();
    assertThatThrownBy(this::replay)
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new OpsRejection.ProjectionRebuilding("session")));
    awaitHead();
  }

  @Test
  void unknownProjectionIsNotFound() {
    var command = GenericCommandMessage.asCommandMessage(new ReplayProjection("nothing", null));
    assertThatThrownBy(() -> commands.sendAndWait(command))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("projection", "nothing")));
  }

  @Tag("exhaustive")
  @Test
  void interruptedReplayContinuesWhereItStopped() {
    var before = rows();
    replay();
    var processor =
        processing.eventProcessor("session", StreamingEventProcessor.class).orElseThrow();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> sessions.count() > 0);
    // Stops the processor as at the end of a node; its progress is in the token store.
    processor.shutDown();
    assertThat(sessions.count()).isLessThan(SESSIONS);
    processor.start();
    awaitHead();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void replayRemovesDeadLetters() {
    insertLetter();
    replay();
    awaitHead();
    assertThat(sql.queryForList("select 1 from dead_letter where deadletteridentifier = '1'"))
        .isEqualTo(List.of());
  }

  private void insertLetter() {
    sql.update(
        """
        insert into dead_letter (deadletteridentifier, processinggroup, sequenceidentifier,
          sequenceindex, messagetype, eventidentifier, timestamp, payloadtype, payload, enqueuedat)
        values ('1', 'session', 'ses_gone', 0, 't', 'e', 't', 'p', '', '2026-11-20T09:00:00.000Z')
        """);
  }
}
