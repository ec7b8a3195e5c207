package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The real CLI's calls are reported to hooks, which decide about them. */
class HookRunIT extends HookTestSupport {
  private static String decides(String decision, String more) {
    return """
    {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "%s",
      "permissionDecisionReason": "says the watcher"%s}}
    """
        .formatted(decision, more);
  }

  @Test
  void hookDenialIsFinalAndItsCallIsRecordedBeforeTheDecision() {
    says = input -> decides("deny", "");
    HookId id = hook(HookPoint.PRE_TOOL_USE, plain());
    openShared();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .hasSize(3)
        .allMatch(call -> call.verdict() == Verdict.DENIED)
        .allMatch(call -> call.rule().equals("hook watcher (" + id + "): says the watcher"));
    assertThat(executed())
        .hasSize(3)
        .allMatch(call -> call.outcome() == HookOutcome.DENIED && call.httpStatus() == 200)
        .allMatch(call -> call.duration().isPositive());
    assertThat(events().indexOf(executed().getFirst()))
        .isLessThan(events().indexOf(events(ToolCalled.class).getFirst()));
    assertThat(executed().getFirst().toolCallId())
        .isEqualTo(events(ToolCalled.class).getFirst().toolCallId().value());
    JsonNode sent = RECEIVED_CALLS.getFirst().json();
    assertThat(sent.path("hook_event_name").asString()).isEqualTo("PreToolUse");
    assertThat(sent.path("session_id").asString()).isEqualTo(session.value());
    assertThat(sent.path("tool_name").asString()).isEqualTo("Bash");
    assertThat(sent.at("/tool_input/command").asString()).contains("nonces.txt");
  }

  @Test
  void inputChangedByAHookIsExecutedAndRecorded() throws Exception {
    says =
        input ->
            decides("allow", ", \"updatedInput\": {\"command\": \"echo changed >> nonces.txt\"}");
    hook(HookPoint.PRE_TOOL_USE, plain());
    open();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(workspaceFile("nonces.txt")).isEqualTo("changed\nchanged\nchanged\n");
    ToolCalled called = events(ToolCalled.class).getFirst();
    assertThat(sealer.open(session, ToolCalled.class, "input", called.input()))
        .isEqualTo("{\"command\":\"echo changed >> nonces.txt\"}");
    assertThat(executed()).allMatch(HookExecuted::changedInput);
  }

  /** The CLI would attach the file without waiting for a hook. */
  @Test
  void fileThatASubagentMentionsIsNotReadWithoutAskingTheHook() throws Exception {
    hook(HookPoint.PRE_TOOL_USE, plain());
    openShared();
    writeWorkspaceFile("notes.txt", "Notes for all.");
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: general-purpose
                description: look
                run_in_background: true
                prompt: "look\\n```rehearsal\\n- say: 'see @notes.txt here'\\n- say: 'see it'\\n```\\n"
        - say: "That was all."
        ```
        """);
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(ToolCalled.class)).extracting(ToolCalled::name).containsExactly("Agent");
  }

  @Test
  void askingHookCreatesAPermissionRequest() {
    says = input -> decides("ask", "");
    hook(HookPoint.PRE_TOOL_USE, plain());
    openShared();
    submitQuery("scenario: ask-bash");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    submitInput(
        new Input.Decide(request.actionId(), Decision.ALLOW, request.inputDigest(), null, null));
    assertThat(result(awaitEvent(RunCompleted.class))).startsWith("It is done");
  }

  @Test
  void failedPreToolHookDenies() {
    hook(HookPoint.PRE_TOOL_USE, plain());
    status = 500;
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .hasSize(1)
        .allMatch(call -> call.verdict() == Verdict.DENIED)
        .allMatch(call -> call.rule().endsWith("failed: it responded with status 500"));
    assertThat(executed()).allMatch(call -> call.outcome() == HookOutcome.FAILED);
  }

  @Test
  void hookTimeoutDenies() throws Exception {
    var late = new CountDownLatch(1);
    says =
        input -> {
          try {
            late.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          return "";
        };
    hook(HookPoint.PRE_TOOL_USE, plain(), "", Duration.ofSeconds(1));
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    late.countDown();
    assertThat(executed()).allMatch(call -> call.outcome() == HookOutcome.TIMED_OUT);
    assertThat(events(ToolCalled.class)).allMatch(call -> call.verdict() == Verdict.DENIED);
  }

  @Test
  void matcherSelectsToolsAndOtherHooksAreNotCalled() {
    hook(HookPoint.PRE_TOOL_USE, plain(), "Read|Write", Duration.ofSeconds(5));
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(RECEIVED_CALLS).isEmpty();
    assertThat(executed()).isEmpty();
  }

  @Test
  void hookCallIsSignedAndSendsItsSecretsOnlyToItsServer() throws Exception {
    VaultId vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "hooks", null));
    send(new PutSecret(vault, "key", new SecretValue.Header(url(), "X-Hook-Key", "open sesame")));
    send(
        new PutSecret(
            vault, "sign", new SecretValue.EnvironmentVariable("SIGN", "whsec_c2VjcmV0")));
    var signing = new Signing.Signed(new SecretRef(vault, "sign"));
    var key = List.of(new SecretRef(vault, "key"));
    hook(HookPoint.PRE_TOOL_USE, new HookTarget.Http(url(), Map.of("X-Plain", "1"), key, signing));
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    ReceivedHookCall receivedHookCall = RECEIVED_CALLS.getFirst();
    assertThat(receivedHookCall.header("X-Hook-Key")).isEqualTo("open sesame");
    assertThat(receivedHookCall.header("X-Plain")).isEqualTo("1");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed =
        receivedHookCall.header("webhook-id")
            + "."
            + receivedHookCall.header("webhook-timestamp")
            + "."
            + receivedHookCall.body();
    assertThat(receivedHookCall.header("webhook-signature"))
        .isEqualTo(
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));

    send(
        new PutSecret(
            vault, "other", new SecretValue.StaticBearer("https://example.com/", "not yours")));
    RECEIVED_CALLS.clear();
    var others = List.of(new SecretRef(vault, "other"));
    hook(
        HookPoint.PRE_TOOL_USE,
        new HookTarget.Http(url(), Map.of(), others, new Signing.Unsigned()));
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(RECEIVED_CALLS).noneMatch(one -> one.headers().toString().contains("not yours"));
    assertThat(events(ToolCalled.class).getFirst().rule())
        .endsWith("failed: its secret other was stored for another server");
  }

  @Test
  void runEventsAreReportedAndAddedContextReachesTheModel() {
    says =
        input ->
            input.path("hook_event_name").asString().equals("PostToolUse")
                ? """
                {"hookSpecificOutput": {"hookEventName": "PostToolUse",
                  "additionalContext": "remember the milk"}}
                """
                : "";
    for (HookPoint point :
        List.of(HookPoint.USER_PROMPT_SUBMIT, HookPoint.POST_TOOL_USE, HookPoint.STOP))
      hook(point, plain());
    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(
                        RECEIVED_CALLS.stream()
                            .map(
                                receivedHookCall ->
                                    receivedHookCall.json().path("hook_event_name").asString()))
                    .containsSubsequence("UserPromptSubmit", "PostToolUse", "Stop"));
    assertThat(executed())
        .extracting(HookExecuted::point)
        .contains(HookPoint.USER_PROMPT_SUBMIT, HookPoint.POST_TOOL_USE, HookPoint.STOP);
    assertThat(RECEIVED_CALLS)
        .filteredOn(call -> call.json().has("prompt"))
        .extracting(call -> call.json().path("prompt").asString())
        .containsExactly("scenario: ask-bash");
    assertThat(RECEIVED_CALLS)
        .noneMatch(receivedHookCall -> receivedHookCall.body().contains("transcript_path"));
    assertThat(RECEIVED_CALLS)
        .allMatch(
            receivedHookCall ->
                receivedHookCall.json().path("session_id").asString().equals(session.value()));
  }

  @Test
  void mentionedFileIsForTheHooksOfItsToolToDeny() throws IOException {
    says = input -> decides("deny", "");
    hook(HookPoint.PRE_TOOL_USE, plain());
    openShared();
    writeWorkspaceFile("notes.md", "Notes.");
    submitMentions("scenario: text", "notes.md");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.verdict()).isEqualTo(Verdict.DENIED);
              assertThat(call.rule()).contains("says the watcher");
            });
    assertThat(executed()).hasSize(1);
  }

  @Test
  void promptBlockedByAHookNeverReachesTheModel() {
    says = input -> "{\"decision\": \"block\", \"reason\": \"not in this workspace\"}";
    hook(HookPoint.USER_PROMPT_SUBMIT, plain());
    openShared();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class)).isEmpty();
    assertThat(executed()).allMatch(call -> call.outcome() == HookOutcome.DENIED);
    assertThat(notices())
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.level()).isEqualTo("warning");
              assertThat(notice.text()).contains("not in this workspace");
            });
  }

  @Test
  void stopHookThatPreventsTheEndIsRecordedAsANotice() {
    says =
        input ->
            input.path("stop_hook_active").asBoolean(false)
                ? ""
                : "{\"decision\": \"block\", \"reason\": \"look once more\"}";
    hook(HookPoint.STOP, plain());
    openShared();
    submitQuery("scenario: text");
    assertThat(result(awaitEvent(RunCompleted.class))).contains("Stop hook feedback");
    assertThat(notices())
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.level()).isEqualTo("immediate");
              assertThat(notice.text()).contains("Stop hook");
            });
  }

  private List<ProgressBody> notices() {
    return frames.stream()
        .map(StreamItem::body)
        .filter(ProgressBody.class::isInstance)
        .map(ProgressBody.class::cast)
        .filter(progress -> progress.progressType().equals("notice"))
        .toList();
  }

  @Test
  void nextNodeRepeatsHookCallsWhoseResponseWasLost() throws Exception {
    var held = new CountDownLatch(1);
    says =
        input -> {
          try {
            held.await(120, TimeUnit.SECONDS);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          return decides("allow", "");
        };
    hook(HookPoint.PRE_TOOL_USE, plain());
    open();
    submitQuery("scenario: ask-bash");
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> !RECEIVED_CALLS.isEmpty());
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.termination().join();
    assertThat(events(ToolCalled.class)).isEmpty();

    held.countDown();
    recovery.recover();
    assertThat(result(awaitEvent(RunCompleted.class))).startsWith("It is done");
    assertThat(events(ToolCalled.class)).hasSize(1);
    assertThat(RECEIVED_CALLS).hasSizeGreaterThanOrEqualTo(2);
    assertThat(
            RECEIVED_CALLS.stream()
                .map(receivedHookCall -> receivedHookCall.header("webhook-id"))
                .distinct())
        .hasSize(1);
  }

  @Test
  void builtInScanDeniesInputsWithCredentials() {
    hook(HookPoint.PRE_TOOL_USE, new HookTarget.BuiltIn(BuiltInHook.SECRET_SCAN));
    hook(HookPoint.PRE_TOOL_USE, new HookTarget.BuiltIn(BuiltInHook.AUDIT));
    openShared();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class)).allMatch(call -> call.verdict() == Verdict.ALLOWED);
    assertThat(executed())
        .hasSize(6)
        .allMatch(call -> call.outcome() == HookOutcome.PASSED && call.httpStatus() == 0);
  }

  @Test
  void rejectsHookWithInternalAddress() {
    for (String url : List.of("http://127.0.0.1:22/", "ftp://example.com/", "http://u:p@a.org/"))
      assertThatThrownBy(
              () ->
                  hook(
                      HookPoint.STOP,
                      new HookTarget.Http(url, Map.of(), List.of(), new Signing.Unsigned())))
          .hasMessageContaining("url");
    hooks.clear();
  }
}
