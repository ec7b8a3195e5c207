package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * A malicious agent can use neither all processors nor all inodes of a disk, and no spelling of a
 * command circumvents a rule. {@code target/escapelimits-report.md} lists the results.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.run.retry-delay=0s",
      "agentledger.sandbox.cpu-percent=150",
      "agentledger.sandbox.disk-check-interval=200ms",
      "agentledger.sandbox.entries-max=8000",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
class EscapeLimitsIT extends EscapeTestSupport {
  @BeforeAll
  void openAgents() throws IOException {
    start();
  }

  @AfterAll
  void writeReport() throws IOException {
    stop();
  }

  @Test
  void commandThatTakesAllProcessorsIsHeldToItsCeiling() {
    Assumptions.assumeThat(sandbox.resourceLimiter().describeUnenforced())
        .as("control groups")
        .noneMatch(text -> text.startsWith("processor time"));
    act(
        agent,
        "for i in 1 2 3 4 5 6; do timeout 3 sh -c 'while :; do :; done' & done; wait; times");
    List<Double> times =
        Pattern.compile("0m([\\d.]+)s")
            .matcher(lastOutput())
            .results()
            .map(match -> Double.valueOf(match.group(1)))
            .toList();
    double seconds = times.get(2) + times.get(3); // The second line has the times of the children.
    assertThat(seconds).isPositive().isLessThanOrEqualTo(5.5);
    report.add(
        "takes all processors",
        "six loops for three seconds",
        seconds + " s of processor time",
        "",
        "control group: 150 % of one processor");
  }

  @Tag("exhaustive")
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "open F, \">\", \"/workspace/many/$_\" for 1..9_000",
        "open F, \">\", \"/tmp/many/one\"; link \"/tmp/many/one\", \"/tmp/many/$_\" for 1..9_000",
        "symlink \"nowhere\", \"/workspace/many/$_\" for 1..9_000"
      })
  void agentThatMakesEntriesWithoutEndIsKilledWithTheReasonRecorded(String loop)
      throws IOException {
    SessionId filler = openSession(BYPASS);
    submitQuery(
        script(
            List.of(
                Call.bash(
                    "mkdir -p /workspace/many /tmp/many; perl -e '" + loop + "'; sleep 20"))));
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.LIMIT);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .contains("had more than 8000 files, directories and links");
    report.add(
        "makes entries without end: " + loop.replaceAll("\\W+", " "),
        loop,
        sealer.open(session, RunFailed.class, "error", failed.error()),
        "(the disk row's: a few stay)",
        "counted while the run goes on; the run fails and says why");
    act(filler, "rm -rf /workspace/many /tmp/many; echo fits");
    assertThat(lastOutput()).contains("fits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "touch /workspace/denied",
        "$'\\x74ouch' /workspace/denied",
        "t'ou'c\\h /workspace/denied",
        "X=touch; $X /workspace/denied",
        "/bin/touc? /workspace/denied",
        "$(echo touch) /workspace/denied"
      })
  void commandThatARuleDeniesDoesNotRunUnderAnotherSpelling(String command) throws IOException {
    SessionId guest =
        openSession(
            new RunOverrides(
                null,
                PermissionMode.BYPASS_PERMISSIONS,
                null,
                List.of("Bash(touch:*)"),
                null,
                null));
    act(guest, command);
    assertThat(files(guest).workspace().resolve("denied")).doesNotExist();
    act(guest, "cp /dev/null /workspace/permitted");
    assertThat(files(guest).workspace().resolve("permitted")).exists();
    report.add(
        "spells a denied command otherwise: " + command.replaceAll("\\W+", " "),
        command,
        "denied",
        "another command runs",
        "quotes and escapes are decoded; a name that the shell makes counts as denied");
  }
}
