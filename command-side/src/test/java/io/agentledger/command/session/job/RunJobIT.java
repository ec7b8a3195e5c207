package io.agentledger.command.session.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

class RunJobIT extends CommandTestSupport {
  @Autowired private JobCounts jobCounts;

  @Autowired
  @Qualifier("jobMeters")
  private MeterBinder jobMeters;

  private void awaitEventNames(SessionId session, String... events) {
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(eventNames(session)).containsExactly(events));
  }

  private long jobs(String like) {
    return sql.sql("select count(*) from run_job where task_instance like ?")
        .param(like)
        .query(Long.class)
        .single();
  }

  @Test
  void queryIsExecutedAndItsJobRemoved() {
    var session = openSession();
    var request = submitQuery(session, "hi");
    awaitEventNames(
        session,
        "SessionOpened",
        "QueryIssued",
        "ActivityChanged",
        "RunStarted",
        "RunCompleted",
        "ActivityChanged");
    await().untilAsserted(() -> assertThat(jobs(request.runId().value() + "%")).isZero());
    assertThat(runner.executedAssignments())
        .contains(
            new Assignment(
                session, request.runId(), request.queryId(), ADA.provenance("req_test")));
  }

  @Test
  void queryIsNotIssuedWithoutAJob() {
    var session = openSession();
    owner().sql("alter table run_job add constraint no_room check (false) not valid").update();
    try {
      assertThatThrownBy(() -> submitQuery(session, "hi")).hasStackTraceContaining("no_room");
      assertThat(eventNames(session)).containsExactly("SessionOpened");
    } finally {
      owner().sql("alter table run_job drop constraint no_room").update();
    }
    submitQuery(session, "hi again"); // The cached state of the session equals the recorded one.
    await().untilAsserted(() -> assertThat(eventNames(session)).contains("RunCompleted"));
  }

  @Test
  void transientFailureIsTriedThreeTimes() {
    var session = openSession();
    runner.script(
        session,
        run -> {
          int attempt = attempts(session) + 1;
          runner.start(run, attempt);
          runner.send(
              run,
              new FailRun(
                  session,
                  run.run(),
                  attempt,
                  attempt,
                  Failure.MODEL,
                  true,
                  Duration.ZERO,
                  "overloaded",
                  null));
        });
    submitQuery(session, "hi");
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(lastFailure(session)).isEqualTo("MODEL final"));
    assertThat(attempts(session)).isEqualTo(3);
    await().untilAsserted(() -> assertThat(jobs("%")).isZero());
  }

  private int attempts(SessionId session) {
    return (int) eventsOf(session).stream().filter(RunStarted.class::isInstance).count();
  }

  private String lastFailure(SessionId session) {
    return eventsOf(session).stream()
        .filter(RunFailed.class::isInstance)
        .map(RunFailed.class::cast)
        .map(failed -> failed.failure() + (failed.retrying() ? " retrying" : " final"))
        .reduce("none", (earlier, later) -> later);
  }

  @Test
  void runnerExceptionIsRecordedAsAnEvent() {
    var session = openSession();
    runner.script(
        session,
        run -> {
          throw new IllegalStateException("the CLI is not there");
        });
    submitQuery(session, "hi");
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(lastFailure(session)).isEqualTo("FAULT final"));
    assertThat(eventNames(session)).endsWith("RunFailed", "ActivityChanged");
  }

  @Test
  void healthNamesTheRunWhoseJobFailedAndTheCallThatEndsIt() {
    var session = openSession();
    var busy = new AtomicBoolean(true);
    runner.script(
        session,
        run -> {
          if (busy.getAndSet(false)) throw new Runner.SessionBusyException("another node has it");
          runner.finish(run);
        });
    var run = submitQuery(session, "hi").runId();
    var check = new JobsHealthCheck(jobCounts);
    await()
        .untilAsserted(
            () ->
                assertThat(check.check().details().get("troubled"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .contains(
                        Map.of(
                            "queue",
                            "runs",
                            "name",
                            run.value(),
                            "failures",
                            1,
                            "session_id",
                            session.value(),
                            "call",
                            "POST /api/v1/sessions/" + session + "/interrupt")));
    await().atMost(60, SECONDS).untilAsserted(() -> assertThat(jobs("%")).isZero());
  }

  @Test
  void jobsOfEveryTableAreInHealthAndMetrics() {
    var meters = new SimpleMeterRegistry();
    jobMeters.bindTo(meters);
    var details = new JobsHealthCheck(jobCounts).check().details();
    for (var queue : List.of("runs", "deadlines", "hooks")) {
      assertThat(details).extractingByKey(queue).isInstanceOf(Map.class);
      assertThat(
              meters.get("agentledger.jobs").tags("queue", queue, "state", "due").gauge().value())
          .isNotNegative();
    }
  }

  @Test
  void healthNamesTheSessionWhoseHooksCouldNotBeCalled() {
    var session = openSession();
    owner()
        .sql(
            """
            insert into hook_job (task_name, task_instance, task_data, execution_time, picked,
              consecutive_failures, version)
            values ('call-hooks', 'evt_1', convert_to(?, 'UTF8'), now() + interval '1 hour', false,
              2, 1)""")
        .param("{\"session\":\"" + session + "\"}")
        .update();
    try {
      assertThat(new JobsHealthCheck(jobCounts).check().details().get("troubled"))
          .asInstanceOf(InstanceOfAssertFactories.LIST)
          .contains(
              Map.of(
                  "queue", "hooks", "name", "evt_1", "failures", 2, "session_id", session.value()));
    } finally {
      owner().sql("delete from hook_job where task_instance = 'evt_1'").update();
    }
  }

  @Test
  void runThatEndedInTheMeantimeIsNoError() {
    var session = openSession();
    runner.script(
        session,
        run -> {
          send(new SubmitInputs(session, List.of(new Input.Interrupt()), null));
          runner.start(run, 1);
        });
    submitQuery(session, "hi");
    awaitEventNames(
        session,
        "SessionOpened",
        "QueryIssued",
        "ActivityChanged",
        "InterruptRequested",
        "RunInterrupted",
        "ActivityChanged");
    await().untilAsserted(() -> assertThat(jobs("%")).isZero());
  }

  @Test
  void runsAreLimitedToTheSlotsAndTheNextTakesAFreeOne() throws Exception {
    var gate = new CountDownLatch(1);
    var sessions = new ArrayList<SessionId>();
    for (int i = 0; i < 5; i++) {
      var session = openSession();
      sessions.add(session);
      runner.script(
          session,
          run -> {
            gate.await();
            runner.finish(run);
          });
      submitQuery(session, "hi");
    }
    await().untilAsserted(() -> assertThat(runner.inProgress()).isEqualTo(2));
    gate.countDown();
    for (var session : sessions)
      await()
          .atMost(60, SECONDS)
          .untilAsserted(() -> assertThat(eventNames(session)).contains("RunCompleted"));
    assertThat(runner.inProgressMax()).isEqualTo(2);
  }

  @Test
  void runTimeoutFailsTheRun() {
    var session = openSession();
    var gate = new CountDownLatch(1);
    runner.script(
        session,
        run -> {
          runner.start(run, 1);
          gate.await();
        });
    var overrides = new RunOverrides(null, null, null, null, null, Duration.ofSeconds(1));
    var prompt =
        new Input.Prompt(QueryId.next(), RunId.next(), QueryEvent.Cause.USER, "hi", overrides);
    send(new SubmitInputs(session, List.of(prompt), null));
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(lastFailure(session)).isEqualTo("TIMEOUT final"));
    gate.countDown();
    assertThat(messages(session).getLast().getMetaData().get("actor"))
        .isEqualTo(Actor.SERVICE.toString());
  }

  @Test
  void queuedQueryIsExecutedForItsCaller() throws Exception {
    var session = openSession();
    var gate = new CountDownLatch(1);
    runner.script(
        session,
        run -> {
          gate.await();
          runner.finish(run);
        });
    submitQuery(session, "Ada's");
    var bob = Caller.ofUser(ADA.tenant(), UserId.next(), CredentialId.next(), Role.ADMIN);
    var prompt = prompt("Bob's");
    send(new SubmitInputs(session, List.of(prompt), null), bob);
    gate.countDown();
    var bobs =
        new Assignment(session, prompt.runId(), prompt.queryId(), bob.provenance("req_test"));
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(runner.executedAssignments()).contains(bobs));
  }

  @Test
  void timeoutExpiresAPendingAction() {
    var session = openSession();
    var gate = new CountDownLatch(1);
    runner.script(
        session,
        run -> {
          runner.start(run, 1);
          runner.send(run, asking(run));
          gate.await();
        });
    submitQuery(session, "hi");
    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(eventNames(session)).contains("ActionExpired"));
    gate.countDown();
    assertThat(eventsOf(session))
        .filteredOn(ActionExpired.class::isInstance)
        .extracting(event -> ((ActionExpired) event).reason())
        .containsExactly(ExpiryReason.DEADLINE);
  }

  private static RecordOutput asking(Assignment run) {
    var request =
        new PermissionRequested(
            run.session(),
            run.run(),
            ThreadId.next(),
            ActionId.next(),
            ToolCallId.next(),
            "Bash",
            "digest",
            new AnswerTimeout.Limited(Duration.ofMillis(200)),
            Content.ABSENT,
            Content.ABSENT);
    return new RecordOutput(
        run.session(),
        run.run(),
        ProcessId.next(),
        1,
        List.of(new RecordOutput.Entry(Source.RUNNER, 0, request)));
  }
}
