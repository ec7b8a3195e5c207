package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.process.FakeCli;
import io.agentledger.command.claude.process.Script;
import io.agentledger.command.claude.run.Watchdog;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What becomes of runs whose CLI has faults that the real one cannot be made to show. */
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.sandbox=none",
      "agentledger.model.upstream=rehearsal",
      "agentledger.run.retry-pause=0s",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
@Import(RunnerFaultsIT.Impatient.class)
class RunnerFaultsIT extends RunnerTestSupport {
  /** The same watchdog, in a hurry. */
  @TestConfiguration
  static class Impatient {
    @Bean
    Watchdog impatientWatchdog() {
      Duration soon = Duration.ofSeconds(2);
      return new Watchdog(soon, soon, Duration.ofSeconds(1), soon, soon);
    }
  }

  @DynamicPropertySource
  static void fake(DynamicPropertyRegistry properties) throws IOException {
    Path bin = Files.createDirectories(TestInstallation.newHome());
    properties.add("agentledger.claude.cli-path", FakeCli.install(bin)::executable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "swallow", "noresult", "garbage", "giant", "die"})
  void aProcessWithAFaultIsReplacedAndTheRunIsTriedAgainAFewTimes(String fault) {
    open();
    ask("[[" + fault + "]]");
    List<RunFailed> failed = awaitFacts(RunFailed.class, 3);
    assertThat(failed).extracting(RunFailed::failure).containsOnly(Failure.CLI);
    assertThat(failed).extracting(RunFailed::retrying).containsExactly(true, true, false);
    assertThat(facts(RunStarted.class))
        .extracting(started -> started.machinery().processId())
        .doesNotHaveDuplicates();
    ask(Script.say("well again"));
    assertThat(result(awaitFact(RunCompleted.class))).isEqualTo("well again");
  }

  @Test
  void aToolThatNobodyListedEndsTheRunForGood() {
    open();
    ask("[[stranger]]");
    RunFailed failed = awaitFact(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.UNLISTED_TOOLS);
    assertThat(failed.retrying()).isFalse();
    await().atMost(10, SECONDS).until(() -> pool.find(session).isEmpty());
  }

  @Test
  void aProcessThatHangsAfterItsResultIsReplacedAndTheResultStands() {
    open();
    ask("[[hang]]");
    assertThat(result(awaitFact(RunCompleted.class))).isEqualTo("hanging");
    await().atMost(10, SECONDS).until(() -> pool.find(session).isEmpty());
    ask(Script.say("well again"));
    assertThat(result(awaitFacts(RunCompleted.class, 2).getLast())).isEqualTo("well again");
    assertThat(facts(RunFailed.class)).isEmpty();
  }

  @Test
  void theStandardErrorOfADeadProcessIsInTheRecordedError() {
    open();
    ask("[[die]]");
    RunFailed failed = awaitFact(RunFailed.class);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error())).contains("status 7");
  }
}
