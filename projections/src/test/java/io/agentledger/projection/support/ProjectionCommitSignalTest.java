package io.agentledger.projection.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;

class ProjectionCommitSignalTest {
  private static final String GROUP = "session";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final ProjectionCommitSignal signal = new ProjectionCommitSignal();

  @Test
  void waitsForTheLastEventThatThisNodeHasRecorded() {
    commit(event("a", 0));
    signal.onOwnCommit(event("a", 1));
    signal.onOwnCommit(event("a", 2));

    var wait = startWait("a");
    commit(event("a", 1));
    commit(event("b", 2));
    assertThat(wait).isNotDone();

    commit(event("a", 2));
    await().until(wait::isDone);
  }

  @Test
  void waitsForTheFirstEventOfANewStream() {
    commit(event("a", 0));
    signal.onOwnCommit(event("new", 0));

    var wait = startWait("new");
    assertThat(wait).isNotDone();
    commit(event("new", 0));
    await().until(wait::isDone);
  }

  @Test
  void doesNotWaitForWhatAnotherNodeHasRecorded() {
    commit(event("a", 0));

    await().until(startWait("a")::isDone);
  }

  @Test
  void doesNotWaitForAProjectionOfAnotherNode() {
    signal.onOwnCommit(event("a", 0));

    await().until(startWait("a")::isDone);
  }

  @Test
  void doesNotWaitAgainForAProjectionThatStoodStill() {
    commit(event("a", 0));
    signal.onOwnCommit(event("a", 1));
    signal.awaitRecorded(GROUP, "a", SHORT);

    signal.onOwnCommit(event("a", 2));
    await().until(startWait("a")::isDone);
  }

  private CompletableFuture<Void> startWait(String id) {
    var listening = new CompletableFuture<Void>();
    signal.onWait(GROUP, () -> listening.complete(null));
    var wait = CompletableFuture.runAsync(() -> signal.awaitRecorded(GROUP, id, LONG));
    await().until(() -> listening.isDone() || wait.isDone());
    return wait;
  }

  private void commit(DomainEventMessage<?> event) {
    var unit = DefaultUnitOfWork.<EventMessage<?>>startAndGet(event);
    unit.execute(
        () -> {
          try {
            signal.interceptor(GROUP).handle(unit, () -> null);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static DomainEventMessage<?> event(String id, long sequence) {
    return new GenericDomainEventMessage<>("Session", id, sequence, "payload");
  }
}
