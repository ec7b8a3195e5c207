package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.process.FakeCli;
import io.agentledger.command.claude.process.PromptScript;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** A process whose journal contains messages that its model never sent is ended. */
@TestPropertySource(
    properties = {
      "agentledger.claude.sandbox=none",
      "agentledger.run.retry-delay=0s",
      "logging.level.root=off"
    })
class ForgedJournalIT extends RunnerTestSupport {
  @DynamicPropertySource
  static void fake(DynamicPropertyRegistry properties) throws IOException {
    Path bin = Files.createDirectories(TestInstallation.newHome());
    properties.add("agentledger.claude.cli-path", FakeCli.install(bin)::executable);
  }

  @Test
  void forgedLineOfAnIdleProcessIsAnIncidentOfARunOfItsOwn() {
    open();
    RunId run = submitQuery("[[afterwards message]]");

    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.INTEGRITY);
    assertThat(failed.runId()).isNotEqualTo(run);
    assertThat(events(RunCompleted.class)).extracting(RunCompleted::runId).containsExactly(run);
    assertThat(events(IncidentNoted.class)).hasSize(1);
    assertThat(events(MessageReceived.class)).hasSize(1);
    await().atMost(60, SECONDS).until(() -> pool.find(session).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "message, unverified_message, 0",
    "stream, unverified_message, 0",
    "synthetic_call, unverified_message, 0",
    "tool_use, unverified_tool_call, 0",
    "streamed_call, unverified_tool_call, 0",
    "permission, unverified_tool_call, 0",
    "pending, unverified_tool_call, 0",
    "hook, unverified_tool_call, 0",
    "renamed_hook, unverified_tool_call, 0",
    "server_tool_result, unverified_tool_call, 0",
    "mcp, unverified_tool_call, 0",
    "prompt, unverified_prompt, 0",
    "notification, unverified_prompt, 0",
    "task, unverified_tool_call, 0",
    "tool_result, unverified_tool_result, 0",
    "second_tool_result, unverified_tool_result, 1",
    "result, unverified_result, 0",
    "early_result, unverified_result, 0",
    "structured_result, unverified_result, 0",
    "result_without_turns, unverified_result, 0",
    "error_result, unverified_result, 0",
    "max_turns_result, unverified_result, 0",
    "unknown_result, unverified_result, 0"
  })
  void forgedLineIsAnIncidentThatEndsTheProcess(String kind, String incident, int returned) {
    open();
    submitQuery("[[forge " + kind + "]]");

    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .startsWith("The CLI reported");
    assertThat(failed.failure()).isEqualTo(Failure.INTEGRITY);
    assertThat(failed.retrying()).isFalse();
    assertThat(events(IncidentNoted.class))
        .extracting(IncidentNoted::incident)
        .containsExactly(incident);
    assertThat(events(RunCompleted.class)).isEmpty();
    assertThat(events(ToolReturned.class)).hasSize(returned);
    assertThat(events(ToolCalled.class)).hasSize(returned);
    assertThat(events(SubagentStarted.class)).isEmpty();
    assertThat(events(MessageReceived.class))
        .extracting(
            message -> sealer.open(session, MessageReceived.class, "block", message.block()))
        .noneMatch(block -> block.contains("forged") || block.contains("went on"));
    assertThat(frames).noneMatch(frame -> frame.toString().contains("went on"));
    await().atMost(60, SECONDS).until(() -> pool.find(session).isEmpty());

    submitQuery(PromptScript.sayCommand("well again"));
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("well again");
    assertThat(events(RunStarted.class)).hasSize(2);
  }
}
