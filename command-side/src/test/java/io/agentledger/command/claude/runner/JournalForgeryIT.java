package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ForgedLines;
import io.agentledger.command.claude.process.ModelIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent that has escaped from its sandboxes reads and writes the journal of its CLI: forged
 * messages end the real CLI. {@code target/journalforgery-report.md} lists the results.
 */
@Tag("exhaustive")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalForgeryIT extends EscapeTestSupport {
  @Override
  Set<SandboxLevel> levels() {
    return EnumSet.of(SandboxLevel.FULL, SandboxLevel.SHARED_UID);
  }

  @BeforeAll
  void startAll() {
    startReport();
  }

  @AfterAll
  void stopHelpers() throws IOException {
    stop();
  }

  @ParameterizedTest(name = "a forged {0} ends the process")
  @ValueSource(
      strings = {
        "message",
        "stream",
        "synthetic_call",
        "tool_use",
        "permission",
        "pending",
        "hook",
        "mcp",
        "task",
        "tool_result",
        "second_tool_result",
        "early_result",
        "result"
      })
  void forgedLineEndsTheProcess(String kind) throws IOException {
    openSession(BYPASS);
    submitQuery(script(List.of(Call.bash("sleep 30; echo done"))));
    awaitEvent(ToolCalled.class);
    ClaudeProcess process = pool.find(session).orElseThrow().context().process();
    Path journal = process.directory().resolve("out");
    List<String> forged = new ForgedLines(ModelIds.findLast(Files.readString(journal))).of(kind);
    Files.write(journal, forged, StandardOpenOption.APPEND);

    RunFailed failed = awaitEvent(RunFailed.class);
    await().atMost(60, SECONDS).until(() -> !process.isAlive());
    String incident = awaitEvent(IncidentNoted.class).incident();
    report.add(
        "forges in the journal: " + kind,
        forged.getLast(),
        incident + "; the process is ended",
        "recorded as an event",
        "ids that the gateway passed on");
    assertThat(failed.failure())
        .as(sealer.open(session, RunFailed.class, "error", failed.error()))
        .isEqualTo(Failure.INTEGRITY);
    assertThat(failed.retrying()).isFalse();
    assertThat(events(RunCompleted.class)).isEmpty();
    assertThat(events(ToolCalled.class)).hasSize(1);
    assertThat(events(ToolReturned.class)).hasSizeLessThanOrEqualTo(1);
    assertThat(events(MessageReceived.class))
        .extracting(
            message -> sealer.open(session, MessageReceived.class, "block", message.block()))
        .noneMatch(block -> block.contains("forged"));
  }
}
