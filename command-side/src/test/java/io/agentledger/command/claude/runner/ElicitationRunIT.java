package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Elicitations of MCP servers, with the real CLI and a real server. */
class ElicitationRunIT extends McpServerTestSupport {
  private static final String FORM =
      toolPrompt("mcp__everything__trigger-elicitation-request", "{}");

  private static String address(String more) {
    return toolPrompt(
        "mcp__everything__trigger-url-elicitation",
        "{url: 'https://example.com/sign-in', elicitationId: one" + more + "}");
  }

  /**
   * Opens a session for elicitations that end with their test; the id of a URL elicitation is used
   * once.
   */
  private void openEverything() {
    openShared(() -> open(registerAndApprove(EVERYTHING)));
  }

  private void answer(ElicitationRequested request, Answer answer, @Nullable String content) {
    submitInput(
        new Input.AnswerElicitation(
            request.actionId(), answer, content == null ? null : new Json(content)));
  }

  private JsonNode elicit(ElicitationRequested request) {
    return JsonMapper.shared()
        .readTree(sealer.open(session, ElicitationRequested.class, "request", request.request()));
  }

  private static String hook(String action, String content) {
    return """
        {"hookSpecificOutput": {"hookEventName": "x", "action": "%s", "content": %s}}"""
        .formatted(action, content);
  }

  @Test
  void serverGetsTheUsersFormInput() {
    openEverything();
    submitQuery(FORM);
    var request = awaitEvent(ElicitationRequested.class);
    assertThat(request.server()).isEqualTo("everything");
    assertThat(request.mode()).isEqualTo(Mode.FORM);
    assertThat(request.toolCallId()).isEqualTo(events(ToolCalled.class).getFirst().toolCallId());
    assertThat(elicit(request).at("/requested_schema/required/0").asString()).isEqualTo("name");
    assertThat(events(ActivityChanged.class).getLast().activity()).isEqualTo(Activity.WAITING);
    answer(request, Answer.ACCEPT, "{\"name\": \"Ada Lovelace\", \"integer\": 7}");
    assertThat(answer()).contains("Name: Ada Lovelace", "Favorite Integer: 7");
    assertThat(events().toString()).doesNotContain("Lovelace");
  }

  @Test
  void invalidFormInputIsRejectedAndTheElicitationStaysPending() {
    openEverything();
    submitQuery(FORM);
    var request = awaitEvent(ElicitationRequested.class);
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{\"name\": \"A\", \"integer\": 101}"))
        .hasMessageContaining("/integer");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{}")).hasMessageContaining("name");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{\"name\":\"A\",\"email\":\"no\"}"))
        .hasMessageContaining("/email");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, null))
        .hasMessageContaining("is required");
    assertThatThrownBy(() -> answer(request, Answer.DECLINE, "{\"name\": \"A\"}"))
        .hasMessageContaining("must only be given with an accepted form");
    assertThat(events(ElicitationAnswered.class)).isEmpty();
    answer(request, Answer.DECLINE, null);
    assertThat(answer()).contains("User declined");
  }

  @Test
  void userMayCancel() {
    openEverything();
    submitQuery(FORM);
    answer(awaitEvent(ElicitationRequested.class), Answer.CANCEL, null);
    assertThat(answer()).contains("User cancelled");
  }

  @Test
  void urlElicitationResumesItsCallOnceCompleted() {
    open(registerAndApprove(EVERYTHING));
    submitQuery(address(""));
    var request = awaitEvent(ElicitationRequested.class);
    assertThat(request.mode()).isEqualTo(Mode.URL);
    assertThat(elicit(request).path("url").asString()).isEqualTo("https://example.com/sign-in");
    assertThat(elicit(request).path("elicitation_id").asString()).isEqualTo("one");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{}"))
        .hasMessageContaining("must only be given with an accepted form");
    answer(request, Answer.ACCEPT, null);
    assertThat(answer()).contains("User completed the URL elicitation flow");
  }

  @Tag("exhaustive")
  @Test
  void callThatRequiresAUrlFirstIsRetriedOnceCompleted() {
    open(registerAndApprove(EVERYTHING));
    submitQuery(address(", errorPath: true"));
    answer(awaitEvent(ElicitationRequested.class), Answer.ACCEPT, null);
    var again = awaitEvents(ElicitationRequested.class, 2).getLast();
    assertThat(elicit(again).path("url").asString()).isEqualTo("https://example.com/sign-in");
    answer(again, Answer.ACCEPT, null);
    assertThat(answer()).contains("User completed the URL elicitation flow");
    assertThat(events(ToolCalled.class)).hasSize(1);
  }

  @Test
  void urlCompletionIsRecorded() throws IOException {
    var program =
        McpServerProgram.create(
            McpServerProgram.withOneTool(
                """
                async () => {
                  const said = await server.server.elicitInput({ mode: 'url', message: 'Please',
                    url: 'https://example.com/', elicitationId: 'one' });
                  await server.server.createElicitationCompletionNotifier('one')();
                  return said.action;
                }"""));
    open(registerAndApprove(program.connection()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    var request = awaitEvent(ElicitationRequested.class);
    answer(request, Answer.ACCEPT, null);
    assertThat(answer()).contains("accept");
    assertThat(awaitEvent(ElicitationCompleted.class).actionId()).isEqualTo(request.actionId());
  }

  @Test
  void hookAnswersForTheUser() {
    says = input -> hook("accept", "{\"name\": \"From the hook\"}");
    hook(HookPoint.ELICITATION, plain());
    openEverything();
    submitQuery(FORM);
    assertThat(answer()).contains("Name: From the hook");
    var sent = RECEIVED_CALLS.getFirst().json();
    assertThat(sent.path("hook_event_name").asString()).isEqualTo("Elicitation");
    assertThat(sent.path("mcp_server_name").asString()).isEqualTo("everything");
    assertThat(sent.path("mode").asString()).isEqualTo("form");
    assertThat(sent.at("/requested_schema/type").asString()).isEqualTo("object");
    assertThat(events(ElicitationAnswered.class).getFirst().byHook()).isTrue();
    assertThat(detail(executed().getFirst())).contains("it answered: accept");
    assertThat(events(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  @Test
  void hookReplacesTheUsersAnswer() {
    says = input -> hook("decline", "{}");
    hook(HookPoint.ELICITATION_RESULT, plain());
    openEverything();
    submitQuery(FORM);
    answer(awaitEvent(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("User declined");
    assertThat(events(ElicitationRevised.class).getFirst().answer()).isEqualTo(Answer.DECLINE);
    var sent = RECEIVED_CALLS.getFirst().json();
    assertThat(sent.path("hook_event_name").asString()).isEqualTo("ElicitationResult");
    assertThat(sent.path("action").asString()).isEqualTo("accept");
    assertThat(sent.at("/content/name").asString()).isEqualTo("Ada");
  }

  @Test
  void invalidHookAnswerFailsAndTheUserIsAsked() {
    says = input -> hook("accept", "{\"name\": \"From the hook\", \"integer\": 101}");
    hook(HookPoint.ELICITATION, plain());
    openEverything();
    submitQuery(FORM);
    var request = awaitEvent(ElicitationRequested.class);
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(detail(executed().getFirst())).contains("is invalid", "content/integer");
    assertThat(events(ActivityChanged.class).getLast().activity()).isEqualTo(Activity.WAITING);
    answer(request, Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada").doesNotContain("From the hook");
    assertThat(events(ElicitationAnswered.class)).singleElement().matches(event -> !event.byHook());
  }

  @Test
  void hookThatAcceptsWithoutRequiredInputFails() {
    says = input -> "{\"hookSpecificOutput\": {\"action\": \"accept\"}}";
    hook(HookPoint.ELICITATION, plain());
    openEverything();
    submitQuery(FORM);
    var request = awaitEvent(ElicitationRequested.class);
    assertThat(detail(executed().getFirst())).contains("is invalid", "is required");
    answer(request, Answer.DECLINE, null);
    assertThat(answer()).contains("User declined");
  }

  @Tag("exhaustive")
  @Test
  void hooksReplacementAnswerIsValidatedAgainstTheForm() {
    says = input -> hook("accept", "{\"integer\": 7}");
    hook(HookPoint.ELICITATION_RESULT, plain());
    openEverything();
    submitQuery(FORM);
    answer(awaitEvent(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada").doesNotContain("Integer");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(detail(executed().getFirst())).contains("is invalid", "name");
    assertThat(events(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void acceptingHookKeepsTheUsersInput() {
    says = input -> "{\"hookSpecificOutput\": {\"action\": \"accept\"}}";
    hook(HookPoint.ELICITATION_RESULT, plain());
    openEverything();
    submitQuery(FORM);
    answer(awaitEvent(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.PASSED);
    assertThat(events(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void hookWithoutOpinionLeavesTheDecisionToTheUser() {
    hook(HookPoint.ELICITATION, plain());
    hook(HookPoint.ELICITATION_RESULT, plain());
    openEverything();
    submitQuery(FORM);
    answer(awaitEvent(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada");
    assertThat(executed()).hasSize(2);
    assertThat(events(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void unattendedSessionDeclinesImmediately() {
    inTheBackground();
    submitQuery(FORM);
    assertThat(answer()).contains("User cancelled");
    assertThat(awaitEvent(ElicitationEnded.class).endReason()).isEqualTo(EndReason.NOT_PRESENTED);
    submitQuery(address(""));
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(ElicitationRequested.class)).hasSize(2);
    assertThat(events(ElicitationEnded.class)).hasSize(2);
    assertThat(events(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  @Test
  void hookAnswersInAnUnattendedSession() {
    says = input -> hook("accept", "{\"name\": \"From the hook\"}");
    hook(HookPoint.ELICITATION, plain());
    inTheBackground();
    submitQuery(FORM);
    assertThat(answer()).contains("Name: From the hook");
    assertThat(events(ElicitationEnded.class)).isEmpty();
  }

  @Tag("exhaustive")
  @Test
  void failedHookInAnUnattendedSessionIsNotReplaced() {
    says = input -> hook("accept", "{}");
    hook(HookPoint.ELICITATION, plain());
    inTheBackground();
    submitQuery(FORM);
    assertThat(answer()).contains("User cancelled");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(awaitEvent(ElicitationEnded.class).endReason()).isEqualTo(EndReason.NOT_PRESENTED);
  }

  private void inTheBackground() {
    open(
        ALLOWED.withPermissionMode(PermissionMode.DONT_ASK),
        new SessionTools(List.of(registerAndApprove(EVERYTHING)), List.of()));
  }

  @Tag("exhaustive")
  @Test
  void timeoutIsReportedToTheServer() {
    var limits = new McpLimits(Duration.ZERO, Duration.ofSeconds(1));
    open(registerAndApprove("everything", EVERYTHING, limits));
    submitQuery(FORM);
    assertThat(awaitEvent(ActionExpired.class).reason()).isEqualTo(ExpiryReason.DEADLINE);
    assertThat(answer()).contains("User cancelled");
  }

  @Tag("exhaustive")
  @Test
  void elicitationEndsWithItsConnection() {
    open(registerAndApprove(EVERYTHING));
    submitQuery(FORM);
    var request = awaitEvent(ElicitationRequested.class);
    restart();
    assertThat(awaitEvent(ElicitationEnded.class).endReason()).isEqualTo(EndReason.CONNECTION_LOST);
    assertThat(answer()).contains("the outcome of this call is unknown");
    assertThat(events(RunStarted.class)).hasSize(1);
    assertThatThrownBy(() -> answer(request, Answer.CANCEL, null))
        .hasMessageContaining("already been resolved");
  }

  @Tag("exhaustive")
  @Test
  void elicitationEndsWithItsServerProcess() throws IOException {
    var program =
        McpServerProgram.create(
            McpServerProgram.withOneTool(
                """
                async () => {
                  server.server.elicitInput({ message: 'Who?', requestedSchema: {
                    type: 'object', properties: { who: { type: 'string' } } } });
                  await new Promise(done => setTimeout(done, 500));
                  process.exit(3);
                }"""));
    open(registerAndApprove(program.connection()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    awaitEvent(ElicitationRequested.class);
    assertThat(awaitEvent(ElicitationEnded.class).endReason()).isEqualTo(EndReason.CONNECTION_LOST);
    assertThat(answer()).contains("its program has ended with exit status 3");
  }

  @Tag("exhaustive")
  @Test
  void serverMayWithdrawItsElicitation() throws IOException {
    var program =
        McpServerProgram.create(
            McpServerProgram.withOneTool(
                """
                async () => {
                  const stop = new AbortController();
                  setTimeout(() => stop.abort('enough'), 500);
                  try {
                    await server.server.elicitInput({ message: 'Who?', requestedSchema: {
                      type: 'object', properties: { who: { type: 'string' } } } },
                      { signal: stop.signal });
                  } catch (gone) { await new Promise(done => setTimeout(done, 500)); }
                  return 'never mind';
                }"""));
    open(registerAndApprove(program.connection()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(awaitEvent(ElicitationEnded.class).endReason()).isEqualTo(EndReason.WITHDRAWN);
    assertThat(answer()).contains("never mind");
  }

  @Test
  void rejectsMalformedElicitation() throws IOException {
    var program =
        McpServerProgram.create(
            McpServerProgram.withOneTool(
                """
                async () => {
                  try {
                    await server.server.request({ method: 'elicitation/create', params: {
                      mode: 'url', message: 'x', url: 'file:///etc/passwd', elicitationId: 'one' } },
                      { parse: it => it, safeParse: it => ({ success: true, data: it }) });
                    return 'asked';
                  } catch (no) { return 'refused: ' + no.message; }
                }"""));
    open(registerAndApprove(program.connection()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(answer()).contains("refused:", "must be http or https");
    assertThat(events(ElicitationRequested.class)).isEmpty();
  }
}
