package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockDelta;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.StateChanged;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.protocol.ClaudeMessage.UserMessage;
import io.agentledger.command.claude.sandbox.CliInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contract of a CLI process, whichever program it is and whatever its sandbox. */
abstract class ClaudeProcessContractTest {
  @TempDir Path home;
  @TempDir static Path sharedHome;
  private static @Nullable CliTestProcess shared;

  CliTestProcess rig;

  /** Creates a test process that is not started. */
  abstract CliTestProcess startProcess(Path home) throws Exception;

  /** Starts a process for one test. */
  CliTestProcess start() throws Exception {
    rig = startProcess(home);
    return rig.start();
  }

  /** Returns the process of those tests that leave it unchanged; the first test starts it. */
  CliTestProcess startShared() throws Exception {
    if (shared == null) {
      shared = startProcess(sharedHome).start();
    }
    rig = shared;
    rig.messages.clear();
    return rig;
  }

  @AfterEach
  void close() throws Exception {
    if (rig == null) return;
    if (rig == shared) {
      if (rig.isIdle()) return;
      shared = null; // A failed test must not make the others fail.
    }
    rig.close();
  }

  @AfterAll
  static void closeShared() throws Exception {
    if (shared != null) {
      shared.close();
      shared = null;
    }
  }

  @Test
  void promptBecomesOneRunWithOneResult() throws Exception {
    startShared().prompt(PromptScript.sayCommand("good morning"));

    Initialized initialized = rig.await(Initialized.class);
    assertThat(initialized.cliVersion()).isEqualTo(CliInstallation.VERSION);
    assertThat(initialized.sessionId()).isEqualTo(rig.conversation);
    assertThat(rig.await(BlockDelta.class).text()).isEqualTo("good morning");
    AssistantMessage assistantMessage = rig.await(AssistantMessage.class);
    assertThat(assistantMessage.blocks().getFirst().path("text").asString())
        .isEqualTo("good morning");
    ResultMessage resultMessage = rig.await(ResultMessage.class);
    assertThat(resultMessage.isError()).isFalse();
    assertThat(resultMessage.result()).isEqualTo("good morning");
    assertThat(resultMessage.isOfTaskNotification()).isFalse();
    rig.await(StateChanged.class, state -> state.state().equals("idle"));
  }

  @Test
  void oneProcessServesManyPrompts() throws Exception {
    startShared();
    for (String text : new String[] {"one", "two", "three"}) {
      rig.prompt(PromptScript.sayCommand(text));
      assertThat(rig.await(ResultMessage.class).result()).isEqualTo(text);
    }
  }

  @Test
  void toolRunsOnlyWhenAllowed() throws Exception {
    startShared().prompt(PromptScript.useCommand("Bash", "{\"command\":\"echo once >> ran.txt\"}"));

    PermissionRequest request = rig.await(PermissionRequest.class);
    assertThat(request.toolName()).isEqualTo("Bash");
    assertThat(rig.session.workspace().resolve("ran.txt")).doesNotExist();
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));

    ToolResults toolResults = rig.await(ToolResults.class);
    assertThat(toolResults.results().getFirst().toolUseId()).isEqualTo(request.toolUseId());
    assertThat(toolResults.results().getFirst().isError()).isFalse();
    rig.await(ResultMessage.class);
    assertThat(rig.read("ran.txt")).isEqualTo("once\n");
  }

  @Test
  void deniedToolDoesNotRunAndTheModelGetsTheReason() throws Exception {
    startShared().prompt(PromptScript.useCommand("Bash", "{\"command\":\"touch denied.txt\"}"));

    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.deny(request.requestId(), "not on a Friday"));

    ToolResults toolResults = rig.await(ToolResults.class);
    assertThat(toolResults.results().getFirst().isError()).isTrue();
    assertThat(toolResults.results().getFirst().content().toString()).contains("not on a Friday");
    rig.await(ResultMessage.class);
    assertThat(rig.session.workspace().resolve("denied.txt")).doesNotExist();
  }

  @Test
  void interruptEndsTheRunButNotTheProcess() throws Exception {
    startShared().prompt(PromptScript.slowCommand());
    rig.await(BlockDelta.class);
    rig.process.send(ClaudeInput.interrupt("i1"));

    assertThat(rig.await(ControlResponse.class).succeeded()).isTrue();
    assertThat(rig.await(ResultMessage.class).subtype()).isEqualTo("error_during_execution");
    rig.prompt(PromptScript.sayCommand("still here"));
    assertThat(rig.await(ResultMessage.class).result()).isEqualTo("still here");
  }

  @Test
  void reattachedNodeGetsThePendingPermissionAgainAndTheToolRunsOnce() throws Exception {
    start().prompt(PromptScript.useCommand("Bash", "{\"command\":\"echo once >> ran.txt\"}"));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.detach();

    rig.attach().process.send(ClaudeInput.initialize("again"));
    ControlResponse reply =
        rig.await(
            ControlResponse.class, controlResponse -> controlResponse.requestId().equals("again"));
    assertThat(reply.pending())
        .extracting(PermissionRequest::requestId)
        .contains(request.requestId());
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));

    assertThat(rig.await(ResultMessage.class).isError()).isFalse();
    assertThat(rig.read("ran.txt")).isEqualTo("once\n");
  }

  @Test
  void promptWithAKnownUuidRunsOnce() throws Exception {
    startShared();
    UUID uuid = rig.prompt(PromptScript.sayCommand("once"));
    rig.await(ResultMessage.class);

    rig.process.send(ClaudeInput.prompt(uuid, PromptScript.sayCommand("twice")));
    rig.await(UserMessage.class, echo -> echo.isReplay() && echo.uuid().equals(uuid.toString()));
    rig.prompt(PromptScript.sayCommand("next"));
    assertThat(rig.await(ResultMessage.class).result()).isEqualTo("next");
  }

  @Test
  void partialLineOfADeadWriterEndsTheProcessOnReattach() throws Exception {
    start().prompt(PromptScript.sayCommand("ready"));
    rig.await(ResultMessage.class);
    Path fifo = rig.process.directory().resolve("in");
    Files.write(fifo, "{\"type\":\"us".getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    rig.detach();

    rig.attach().awaitEnd();
    assertThat(rig.process.exitStatus()).hasValue(1);
    assertThat(rig.process.stderrTail()).contains("Error parsing");
  }

  @Test
  void lineForAnEndedProcessIsDropped() throws Exception {
    start().prompt(PromptScript.sayCommand("ready"));
    rig.await(ResultMessage.class);
    rig.process.kill();
    await().until(() -> !rig.process.isAlive());

    for (int line = 0; line < 2; line++)
      assertThatCode(() -> rig.process.send(ClaudeInput.interrupt("too-late")))
          .doesNotThrowAnyException();
  }

  @Test
  void terminationLeavesNoChildProcess() throws Exception {
    start().prompt(PromptScript.useCommand("Bash", "{\"command\":\"sleep 613\"}"));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));
    long keeper = rig.process.identity().pid();
    await().until(() -> descendantsOf(keeper).contains("613"));
    var family = ProcessHandle.of(keeper).orElseThrow().descendants().toList();

    rig.process.terminate(Duration.ZERO);

    await().until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
    await().until(() -> !rig.process.identity().isAlive());
  }

  @Test
  void terminationWithoutASupervisorScriptLeavesNoChildProcess() throws Exception {
    start().prompt(PromptScript.useCommand("Bash", "{\"command\":\"sleep 614\"}"));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));
    long keeper = rig.process.identity().pid();
    await().until(() -> descendantsOf(keeper).contains("614"));
    ProcessHandle handle = ProcessHandle.of(keeper).orElseThrow();
    var family = handle.descendants().toList();
    handle.destroyForcibly();
    await().until(() -> !rig.process.identity().isAlive());

    rig.process.terminate(Duration.ZERO);

    await().until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static String descendantsOf(long pid) {
    return ProcessHandle.of(pid)
        .map(ProcessHandle::descendants)
        .map(all -> all.map(each -> each.info().commandLine().orElse("")).toList().toString())
        .orElse("");
  }

  @Test
  void newProcessResumesAConversation() throws Exception {
    start().prompt(PromptScript.sayCommand("remember me"));
    rig.await(ResultMessage.class);
    rig.process.shutdownGracefully(Duration.ofSeconds(5), false);
    assertThat(rig.process.exitStatus()).hasValue(0);

    rig.start(true).prompt(PromptScript.sayCommand("I do"));

    assertThat(rig.await(Initialized.class).sessionId()).isEqualTo(rig.conversation);
    assertThat(rig.await(ResultMessage.class).result()).isEqualTo("I do");
  }
}
