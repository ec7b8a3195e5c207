package io.agentledger.command.session.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.claude.runner.Runner.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LocalRunStarterIT extends CommandTestSupport {
  @Autowired private LocalRunStarter localRunStarter;

  /** Process that waits for a run. */
  private static final class WaitingProcess implements Runner.Reservation {
    final CompletableFuture<Void> end = new CompletableFuture<>();
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    private final Execution execution;

    WaitingProcess(long epoch) {
      execution = FakeRunner.execution(epoch);
    }

    @Override
    public Execution execution() {
      return execution;
    }

    @Override
    public CompletableFuture<Void> begin() {
      begun.incrementAndGet();
      return end;
    }

    @Override
    public void cancel() {
      cancelled.incrementAndGet();
    }
  }

  private WaitingProcess waitingProcess(SessionId session) {
    var process = new WaitingProcess(1);
    runner.addWaitingProcess(session, process);
    return process;
  }

  private void finish(SessionId session, RunId run) {
    send(new FinishRun(session, run, 1, StopReason.COMPLETED, Duration.ofSeconds(1), "done", null));
  }

  private boolean hasJob(RunId run) {
    return !isPickedOfJobs(run).isEmpty();
  }

  private boolean isPicked(RunId run) {
    return isPickedOfJobs(run).contains(true);
  }

  private List<Boolean> isPickedOfJobs(RunId run) {
    return sql.sql("select picked from run_job where task_instance = ?")
        .param(run.value())
        .query(Boolean.class)
        .list();
  }

  private boolean isExecutedByJob(Accepted accepted) {
    return runner.executedAssignments().stream()
        .map(Assignment::run)
        .anyMatch(accepted.runId()::equals);
  }

  @Test
  void runThatEndsSoonNeedsNoJob() {
    var session = openSession();
    var process = waitingProcess(session);
    var accepted = submitQuery(session, "hi");
    assertThat(eventNames(session))
        .containsExactly("SessionOpened", "QueryIssued", "RunStarted", "ActivityChanged");
    assertThat(hasJob(accepted.runId())).isTrue();
    await().untilAsserted(() -> assertThat(process.begun).hasValue(1));
    finish(session, accepted.runId());
    process.end.complete(null);
    await().untilAsserted(() -> assertThat(hasJob(accepted.runId())).isFalse());
    assertThat(isExecutedByJob(accepted)).isFalse();
    assertAllSlotsAreFree();
  }

  private void assertAllSlotsAreFree() {
    await().untilAsserted(() -> assertThat(localRunStarter.freeSlots()).isEqualTo(2));
  }

  @Test
  void jobAwaitsARunThatTakesLongerInTheSameSlot() {
    var session = openSession();
    var process = waitingProcess(session);
    runner.script(session, run -> process.end.join());
    var accepted = submitQuery(session, "hi");
    await().untilAsserted(() -> assertThat(isExecutedByJob(accepted)).isTrue());
    assertThat(localRunStarter.freeSlots()).isEqualTo(1);
    process.end.complete(null);
    await().untilAsserted(() -> assertThat(hasJob(accepted.runId())).isFalse());
    assertAllSlotsAreFree();
  }

  @Test
  void runsOfWaitingProcessesAndOfJobsShareTheSlots() throws Exception {
    var processes = new ArrayList<WaitingProcess>();
    for (int i = 0; i < 2; i++) {
      var session = openSession();
      processes.add(waitingProcess(session));
      submitQuery(session, "hi");
    }
    var third = openSession();
    var unused = waitingProcess(third);
    var accepted = submitQuery(third, "hi");
    assertThat(eventNames(third)).doesNotContain("RunStarted");
    await().until(() -> isPicked(accepted.runId()));
    await().until(() -> !isPicked(accepted.runId())); // Any node may pick it.
    assertThat(isExecutedByJob(accepted)).isFalse();
    processes.forEach(process -> process.end.complete(null));
    await().untilAsserted(() -> assertThat(isExecutedByJob(accepted)).isTrue());
    assertThat(unused.begun).hasValue(0);
    assertAllSlotsAreFree();
  }

  @Test
  void jobExecutesAtOnceARunThatItsProcessDidNot() {
    var session = openSession();
    var process = waitingProcess(session);
    process.end.completeExceptionally(new IllegalStateException("it has ended"));
    runner.script(session, run -> runner.end(run, 1));
    var accepted = submitQuery(session, "hi");
    await()
        .atMost(LocalRunStarter.JOB_DELAY.dividedBy(2))
        .untilAsserted(() -> assertThat(isExecutedByJob(accepted)).isTrue());
    await().untilAsserted(() -> assertThat(eventNames(session)).contains("RunCompleted"));
  }

  @Test
  void processWaitsAgainIfTheQueryIsNotRecorded() {
    var session = openSession();
    var process = waitingProcess(session);
    owner().sql("alter table run_job add constraint no_room check (false) not valid").update();
    try {
      assertThatThrownBy(() -> submitQuery(session, "hi")).hasStackTraceContaining("no_room");
    } finally {
      owner().sql("alter table run_job drop constraint no_room").update();
    }
    assertThat(process.cancelled.get()).isPositive();
    assertThat(process.begun).hasValue(0);
    assertAllSlotsAreFree();
  }

  @Test
  void processOfAnOlderEpochGetsNoRun() {
    var session = openSession();
    runner.script(
        session,
        run -> {
          runner.start(run, 2); // By another node, whose epoch is as its attempt.
          runner.end(run, 2);
        });
    submitQuery(session, "hi");
    await().untilAsserted(() -> assertThat(eventNames(session)).contains("RunCompleted"));
    var process = waitingProcess(session);
    runner.script(session, run -> {});
    submitQuery(session, "hi again");
    assertThat(process.cancelled).hasValue(1);
    assertThat(eventsOf(session)).filteredOn(RunStarted.class::isInstance).hasSize(1);
  }
}
