package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.process.FakeCli;
import io.agentledger.command.claude.process.PromptScript;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.Watchdog;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Runs of a CLI with faults that the real one cannot be made to show. */
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.sandbox=none",
      "agentledger.model.upstream=rehearsal",
      "agentledger.run.retry-delay=0s",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
@Import(RunnerFaultsIT.ShortTimeoutConfiguration.class)
class RunnerFaultsIT extends RunnerTestSupport {
  /** The same watchdog with short timeouts. */
  @TestConfiguration
  static class ShortTimeoutConfiguration {
    @Bean
    Watchdog impatientWatchdog() {
      Duration soon = Duration.ofSeconds(4); // A busy machine needs 2 s for an answer.
      return new Watchdog(Duration.ofMinutes(12), soon, soon, Duration.ofSeconds(1), soon, soon);
    }
  }

  @DynamicPropertySource
  static void fake(DynamicPropertyRegistry properties) throws IOException {
    Path bin = Files.createDirectories(TestInstallation.newHome());
    properties.add("agentledger.claude.cli-path", FakeCli.install(bin)::executable);
  }

  @Autowired CommandBus commandBus;
  @Autowired ProcessSupervisorFactory factory;
  @Autowired SessionLeases leases;

  @ParameterizedTest
  @ValueSource(strings = {"silent", "swallow", "noresult", "garbage", "giant", "die"})
  void faultyProcessIsReplacedAndTheRunRetriedAFewTimes(String fault) {
    open();
    submitQuery("[[" + fault + "]]");
    List<RunFailed> failed = awaitEvents(RunFailed.class, 3);
    assertThat(failed).extracting(RunFailed::failure).containsOnly(Failure.CLI);
    assertThat(failed).extracting(RunFailed::retrying).containsExactly(true, true, false);
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .doesNotHaveDuplicates();
    submitQuery(PromptScript.sayCommand("well again"));
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("well again");
  }

  /** Two processes start at the same time in a pool for one. */
  @Test
  void processThatIsAboutToGetARunIsNotEvicted() throws Exception {
    var settings =
        new ClaudeSettings(
            null,
            Path.of("."),
            null,
            200,
            200,
            Duration.ofMinutes(15),
            Duration.ofMinutes(12),
            Duration.ofMinutes(5),
            0,
            Duration.ofMinutes(5),
            List.of());
    var small = new ProcessPool<ProcessSupervisor>(leases, settings, Clock.systemUTC());
    try {
      ProcessSupervisor first = startProcess(small);
      ProcessSupervisor second = startProcess(small);
      first.detach(); // In case it was evicted.
      first.termination().join();
      assertThat(first.context().process().isAlive()).isTrue();
      first.context().process().kill();
      small.release(second.session());
    } finally {
      small.stop();
    }
  }

  private ProcessSupervisor startProcess(ProcessPool<ProcessSupervisor> into) throws IOException {
    open();
    into.reserve(session);
    var state = factory.readState(session);
    var files = factory.pathsResolver().resolve(state);
    var plan = factory.planLaunch(state, state.setup().options(), files);
    ProcessSupervisor supervisor =
        factory.start(state, plan, leases.acquire(session), Optional.empty());
    into.add(supervisor);
    return supervisor;
  }

  /** They were published while they were written, so nobody waits for their records. */
  @Test
  void textsThatFollowEachOtherAreRecordedInFewCommands() {
    open();
    var recordings = new AtomicInteger();
    var interceptor =
        commandBus.registerHandlerInterceptor(
            (unit, chain) -> {
              if (unit.getMessage().getPayload() instanceof RecordOutput output
                  && output.sessionId().equals(session)) recordings.incrementAndGet();
              return chain.proceed();
            });
    try {
      submitQuery("[[texts 40]]");
      awaitEvent(RunCompleted.class);
    } finally {
      interceptor.cancel();
    }
    assertThat(events(MessageReceived.class)).hasSize(40);
    assertThat(recordings.get()).isBetween(1, 15);
  }

  @Test
  void unlistedToolFailsTheRunWithoutRetry() {
    open();
    submitQuery("[[stranger]]");
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.UNLISTED_TOOLS);
    assertThat(failed.retrying()).isFalse();
    await().atMost(60, SECONDS).until(() -> pool.find(session).isEmpty());
  }

  @Test
  void processThatHangsAfterItsResultIsReplacedAndTheResultKept() {
    open();
    submitQuery("[[hang]]");
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("hanging");
    await().atMost(60, SECONDS).until(() -> pool.find(session).isEmpty());
    submitQuery(PromptScript.sayCommand("well again"));
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).isEqualTo("well again");
    assertThat(events(RunFailed.class)).isEmpty();
  }

  /** After an end of its input, the CLI would attach files to a notification without a decision. */
  @ParameterizedTest
  @CsvSource({"[[say well]], true", "[[task]], false"})
  void killedServiceEndsTheInputOnlyOfAProcessThatHasBegunNoTask(String prompt, boolean ends)
      throws IOException {
    open();
    submitQuery(prompt);
    awaitEvent(RunCompleted.class);
    ProcessHandle keeper = keeper();
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    supervisor.detach(); // As if the service were killed.
    supervisor.termination().join();

    recovery.recover();

    await().atMost(60, SECONDS).until(() -> !keeper.isAlive());
    Path workspace = supervisor.context().paths().sessionPaths().workspace();
    assertThat(Files.exists(workspace.resolve(FakeCli.END_OF_INPUT))).isEqualTo(ends);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void toolCallThatAProcessRequestsWhileItEndsIsRecordedAsDenied(boolean serviceIsKilled)
      throws IOException {
    open(new RunOverrides(null, null, List.of("Bash"), null, null, null));
    submitQuery("[[task ask]]");
    awaitEvent(RunCompleted.class);
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    if (serviceIsKilled) {
      supervisor.detach();
      supervisor.termination().join();
      recovery.recover();
    } else {
      pool.shutdownGracefully(supervisor);
    }

    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::name, ToolCalled::verdict)
        .containsExactly(tuple("Bash", Verdict.DENIED));
    assertThat(events(ToolReturned.class))
        .extracting(ToolReturned::status)
        .containsExactly(CallStatus.DENIED);
    assertThat(supervisor.context().process().directory()).doesNotExist();
    submitQuery(PromptScript.sayCommand("well again"));
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).isEqualTo("well again");
  }

  /** The failure cannot be recorded, because another node has acquired the lease of the session. */
  @Test
  void processWhoseFailureCannotBeRecordedEnds() {
    open();
    submitQuery("[[use Bash {\"command\": \"true\"}]]");
    awaitEvent(PermissionRequested.class);
    RunStarted first = awaitEvent(RunStarted.class);
    ProcessHandle keeper = keeper();
    Execution execution = first.execution();
    send(
        new StartRun(
            session,
            first.runId(),
            first.cause(),
            2,
            first.requestedModel(),
            new Execution(
                "elsewhere",
                execution.epoch() + 1,
                ProcessId.next(),
                execution.launchHash(),
                execution.cliVersion(),
                execution.sandbox(),
                execution.upstream())));

    submitInput(new Input.Interrupt());

    await().atMost(60, SECONDS).until(() -> !keeper.isAlive());
  }

  private ProcessHandle keeper() {
    long keeper = pool.find(session).orElseThrow().context().process().identity().pid();
    return ProcessHandle.of(keeper).orElseThrow();
  }

  @Test
  void errorOfADeadProcessContainsItsStandardError() {
    open();
    submitQuery("[[die]]");
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error())).contains("status 7");
  }
}
