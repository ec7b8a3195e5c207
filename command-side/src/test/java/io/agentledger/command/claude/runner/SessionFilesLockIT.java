package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.WorkspaceFiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A session whose files are in use for a long time delays no other one. */
class SessionFilesLockIT extends RunnerTestSupport {
  @Autowired private WorkspaceFiles files;
  @Autowired private CliRunner runner;

  private CompletableFuture<?> list(SessionId listed) {
    return files.list(listed, List.of(), null, 10).toCompletableFuture();
  }

  @Test
  void operationsThatWaitForASessionDelayNoOther() throws Exception {
    open();
    var locked = session;
    open();
    var other = session;
    var lock = runner.lockOf(locked);
    List<CompletableFuture<?>> waiting;
    lock.lock();
    try {
      waiting = Stream.<CompletableFuture<?>>generate(() -> list(locked)).limit(40).toList();
      list(other).get(20, TimeUnit.SECONDS);
      assertThat(waiting).allSatisfy(operation -> assertThat(operation).isNotDone());
    } finally {
      lock.unlock();
    }
    for (var operation : waiting) operation.get(20, TimeUnit.SECONDS);
  }

  @Test
  void operationsThatWaitInTheQueueAreRejectedInTimeToo() {
    open();
    var lock = runner.lockOf(session);
    lock.lock();
    try {
      var waiting = Stream.<CompletableFuture<?>>generate(() -> list(session)).limit(100).toList();
      assertThat(waiting)
          .allSatisfy(
              operation ->
                  assertThat(operation)
                      .failsWithin(Duration.ofSeconds(45))
                      .withThrowableThat()
                      .withCauseInstanceOf(RejectionException.class));
    } finally {
      lock.unlock();
    }
  }

  @Test
  void longOperationGetsItsTurnAmongManyShortOnes() throws Exception {
    open();
    var busy = session;
    var ended = new AtomicBoolean();
    var lists =
        Stream.generate(() -> listUntil(busy, ended)).limit(20).toArray(CompletableFuture[]::new);
    try {
      for (int i = 0; i < 20; i++)
        files.archive(busy).toCompletableFuture().get(20, TimeUnit.SECONDS);
    } finally {
      ended.set(true);
    }
    CompletableFuture.allOf(lists).get(20, TimeUnit.SECONDS);
  }

  /** Lists the files again and again. */
  private CompletableFuture<?> listUntil(SessionId listed, AtomicBoolean ended) {
    return list(listed)
        .thenCompose(
            page ->
                ended.get()
                    ? CompletableFuture.completedFuture(null)
                    : listUntil(listed, ended).thenApply(last -> null));
  }
}
