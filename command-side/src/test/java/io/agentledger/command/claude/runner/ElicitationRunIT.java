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
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.ElicitationEvent.End;
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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What MCP servers ask the user: the real CLI, and the real server that asks. */
class ElicitationRunIT extends McpServerTestSupport {
  private static final String FORM = calls("mcp__everything__trigger-elicitation-request", "{}");

  private static String address(String more) {
    return calls(
        "mcp__everything__trigger-url-elicitation",
        "{url: 'https://example.com/sign-in', elicitationId: one" + more + "}");
  }

  private void answer(ElicitationRequested request, Answer answer, @Nullable String content) {
    say(
        new Input.AnswerElicitation(
            request.actionId(), answer, content == null ? null : new Json(content)));
  }

  private JsonNode ask(ElicitationRequested request) {
    return JsonMapper.shared()
        .readTree(sealer.open(session, ElicitationRequested.class, "ask", request.ask()));
  }

  private static String hook(String action, String content) {
    return """
        {"hookSpecificOutput": {"hookEventName": "x", "action": "%s", "content": %s}}"""
        .formatted(action, content);
  }

  @Test
  void aServerGetsWhatTheUserPutsIntoItsForm() {
    open(agreed(EVERYTHING));
    ask(FORM);
    var request = awaitFact(ElicitationRequested.class);
    assertThat(request.server()).isEqualTo("everything");
    assertThat(request.mode()).isEqualTo(Mode.FORM);
    assertThat(request.toolCallId()).isEqualTo(facts(ToolCalled.class).getFirst().toolCallId());
    assertThat(ask(request).at("/requested_schema/required/0").asString()).isEqualTo("name");
    assertThat(facts(ActivityChanged.class).getLast().activity()).isEqualTo(Activity.WAITING);
    answer(request, Answer.ACCEPT, "{\"name\": \"Ada Lovelace\", \"integer\": 7}");
    assertThat(answer()).contains("Name: Ada Lovelace", "Favorite Integer: 7");
    assertThat(facts().toString()).doesNotContain("Lovelace");
  }

  @Test
  void whatTheFormDoesNotAdmitIsRefusedAndItIsStillWaitedFor() {
    open(agreed(EVERYTHING));
    ask(FORM);
    var request = awaitFact(ElicitationRequested.class);
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{\"name\": \"A\", \"integer\": 101}"))
        .hasMessageContaining("/integer");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{}")).hasMessageContaining("name");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{\"name\":\"A\",\"email\":\"no\"}"))
        .hasMessageContaining("/email");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, null))
        .hasMessageContaining("must be given");
    assertThatThrownBy(() -> answer(request, Answer.DECLINE, "{\"name\": \"A\"}"))
        .hasMessageContaining("must not be given");
    assertThat(facts(ElicitationAnswered.class)).isEmpty();
    answer(request, Answer.DECLINE, null);
    assertThat(answer()).contains("User declined");
  }

  @Test
  void theUserMayCancel() {
    open(agreed(EVERYTHING));
    ask(FORM);
    answer(awaitFact(ElicitationRequested.class), Answer.CANCEL, null);
    assertThat(answer()).contains("User cancelled");
  }

  @Test
  void anAddressIsShownAndItsCallGoesOnWhenItWasSeenTo() {
    open(agreed(EVERYTHING));
    ask(address(""));
    var request = awaitFact(ElicitationRequested.class);
    assertThat(request.mode()).isEqualTo(Mode.URL);
    assertThat(ask(request).path("url").asString()).isEqualTo("https://example.com/sign-in");
    assertThat(ask(request).path("elicitation_id").asString()).isEqualTo("one");
    assertThatThrownBy(() -> answer(request, Answer.ACCEPT, "{}"))
        .hasMessageContaining("must not be given");
    answer(request, Answer.ACCEPT, null);
    assertThat(answer()).contains("User completed the URL elicitation flow");
  }

  @Test
  void aCallThatNeedsAnAddressFirstIsMadeAgainWhenItWasSeenTo() {
    open(agreed(EVERYTHING));
    ask(address(", errorPath: true"));
    answer(awaitFact(ElicitationRequested.class), Answer.ACCEPT, null);
    var again = awaitFacts(ElicitationRequested.class, 2).getLast();
    assertThat(ask(again).path("url").asString()).isEqualTo("https://example.com/sign-in");
    answer(again, Answer.ACCEPT, null);
    assertThat(answer()).contains("User completed the URL elicitation flow");
    assertThat(facts(ToolCalled.class)).hasSize(1);
  }

  @Test
  void thatAnAddressWasSeenToIsOnTheRecord() throws IOException {
    var program =
        Program.of(
            Program.withOneTool(
                """
                async () => {
                  const said = await server.server.elicitInput({ mode: 'url', message: 'Please',
                    url: 'https://example.com/', elicitationId: 'one' });
                  await server.server.createElicitationCompletionNotifier('one')();
                  return said.action;
                }"""));
    open(agreed(program.connection()));
    ask(calls("mcp__everything__one", "{}"));
    var request = awaitFact(ElicitationRequested.class);
    answer(request, Answer.ACCEPT, null);
    assertThat(answer()).contains("accept");
    assertThat(awaitFact(ElicitationCompleted.class).actionId()).isEqualTo(request.actionId());
  }

  @Test
  void aHookAnswersForTheUser() {
    says = input -> hook("accept", "{\"name\": \"From the hook\"}");
    hook(HookPoint.ELICITATION, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    assertThat(answer()).contains("Name: From the hook");
    var sent = SENT.getFirst().json();
    assertThat(sent.path("hook_event_name").asString()).isEqualTo("Elicitation");
    assertThat(sent.path("mcp_server_name").asString()).isEqualTo("everything");
    assertThat(sent.path("mode").asString()).isEqualTo("form");
    assertThat(sent.at("/requested_schema/type").asString()).isEqualTo("object");
    assertThat(facts(ElicitationAnswered.class).getFirst().byHook()).isTrue();
    assertThat(detail(executed().getFirst())).contains("it answered: accept");
    assertThat(facts(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  @Test
  void aHookHasTheServerToldSomethingElse() {
    says = input -> hook("decline", "{}");
    hook(HookPoint.ELICITATION_RESULT, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    answer(awaitFact(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("User declined");
    assertThat(facts(ElicitationRevised.class).getFirst().answer()).isEqualTo(Answer.DECLINE);
    var sent = SENT.getFirst().json();
    assertThat(sent.path("hook_event_name").asString()).isEqualTo("ElicitationResult");
    assertThat(sent.path("action").asString()).isEqualTo("accept");
    assertThat(sent.at("/content/name").asString()).isEqualTo("Ada");
  }

  @Test
  void aHookWhoseAnswerTheFormDoesNotAdmitHasFailedAndTheUserIsAsked() {
    says = input -> hook("accept", "{\"name\": \"From the hook\", \"integer\": 101}");
    hook(HookPoint.ELICITATION, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    var request = awaitFact(ElicitationRequested.class);
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(detail(executed().getFirst())).contains("does not fit", "content/integer");
    assertThat(facts(ActivityChanged.class).getLast().activity()).isEqualTo(Activity.WAITING);
    answer(request, Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada").doesNotContain("From the hook");
    assertThat(facts(ElicitationAnswered.class)).singleElement().matches(event -> !event.byHook());
  }

  @Test
  void aHookThatAcceptsAndFillsNothingInHasFailed() {
    says = input -> "{\"hookSpecificOutput\": {\"action\": \"accept\"}}";
    hook(HookPoint.ELICITATION, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    var request = awaitFact(ElicitationRequested.class);
    assertThat(detail(executed().getFirst())).contains("does not fit", "must be given");
    answer(request, Answer.DECLINE, null);
    assertThat(answer()).contains("User declined");
  }

  @Test
  void whatAHookPutsInPlaceOfTheUsersWordsIsHeldToTheFormToo() {
    says = input -> hook("accept", "{\"integer\": 7}");
    hook(HookPoint.ELICITATION_RESULT, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    answer(awaitFact(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada").doesNotContain("Integer");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(detail(executed().getFirst())).contains("does not fit", "name");
    assertThat(facts(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void aHookThatAcceptsWhatTheUserPutInLeavesItAsItIs() {
    says = input -> "{\"hookSpecificOutput\": {\"action\": \"accept\"}}";
    hook(HookPoint.ELICITATION_RESULT, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    answer(awaitFact(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.PASSED);
    assertThat(facts(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void aHookThatHasNoOpinionLeavesItToTheUser() {
    hook(HookPoint.ELICITATION, plain());
    hook(HookPoint.ELICITATION_RESULT, plain());
    open(agreed(EVERYTHING));
    ask(FORM);
    answer(awaitFact(ElicitationRequested.class), Answer.ACCEPT, "{\"name\": \"Ada\"}");
    assertThat(answer()).contains("Name: Ada");
    assertThat(executed()).hasSize(2);
    assertThat(facts(ElicitationRevised.class)).isEmpty();
  }

  @Test
  void whereNobodyIsAskedAServerIsToldSoAtOnce() {
    inTheBackground();
    ask(FORM);
    assertThat(answer()).contains("User cancelled");
    assertThat(awaitFact(ElicitationEnded.class).end()).isEqualTo(End.NOBODY_ASKED);
    ask(address(""));
    awaitFacts(RunCompleted.class, 2);
    assertThat(facts(ElicitationRequested.class)).hasSize(2);
    assertThat(facts(ElicitationEnded.class)).hasSize(2);
    assertThat(facts(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  @Test
  void whereNobodyIsAskedAHookAnswersStill() {
    says = input -> hook("accept", "{\"name\": \"From the hook\"}");
    hook(HookPoint.ELICITATION, plain());
    inTheBackground();
    ask(FORM);
    assertThat(answer()).contains("Name: From the hook");
    assertThat(facts(ElicitationEnded.class)).isEmpty();
  }

  @Test
  void whereNobodyIsAskedAHookThatHasFailedIsNotMadeUpForByAnybody() {
    says = input -> hook("accept", "{}");
    hook(HookPoint.ELICITATION, plain());
    inTheBackground();
    ask(FORM);
    assertThat(answer()).contains("User cancelled");
    assertThat(executed().getFirst().outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(awaitFact(ElicitationEnded.class).end()).isEqualTo(End.NOBODY_ASKED);
  }

  private void inTheBackground() {
    open(
        ALLOWED.in(PermissionMode.DONT_ASK),
        new SessionTools(List.of(agreed(EVERYTHING)), List.of()));
  }

  @Test
  void whoIsNotAnsweredInTimeIsToldSo() {
    var limits = new McpLimits(Duration.ZERO, Duration.ofSeconds(1));
    open(agreed("everything", EVERYTHING, limits));
    ask(FORM);
    assertThat(awaitFact(ActionExpired.class).expiry()).isEqualTo(Expiry.DEADLINE);
    assertThat(answer()).contains("User cancelled");
  }

  @Test
  void aQuestionEndsWithTheConnectionThatItCameOver() {
    open(agreed(EVERYTHING));
    ask(FORM);
    var request = awaitFact(ElicitationRequested.class);
    restart();
    assertThat(awaitFact(ElicitationEnded.class).end()).isEqualTo(End.CONNECTION_LOST);
    assertThat(answer()).contains("the outcome of this call is unknown");
    assertThat(facts(RunStarted.class)).hasSize(1);
    assertThatThrownBy(() -> answer(request, Answer.CANCEL, null)).hasMessageContaining("settled");
  }

  @Test
  void aQuestionEndsWithItsProgram() throws IOException {
    var program =
        Program.of(
            Program.withOneTool(
                """
                async () => {
                  server.server.elicitInput({ message: 'Who?', requestedSchema: {
                    type: 'object', properties: { who: { type: 'string' } } } });
                  await new Promise(done => setTimeout(done, 500));
                  process.exit(3);
                }"""));
    open(agreed(program.connection()));
    ask(calls("mcp__everything__one", "{}"));
    awaitFact(ElicitationRequested.class);
    assertThat(awaitFact(ElicitationEnded.class).end()).isEqualTo(End.CONNECTION_LOST);
    assertThat(answer()).contains("it has ended");
  }

  @Test
  void aServerMayTakeItsQuestionBack() throws IOException {
    var program =
        Program.of(
            Program.withOneTool(
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
    open(agreed(program.connection()));
    ask(calls("mcp__everything__one", "{}"));
    assertThat(awaitFact(ElicitationEnded.class).end()).isEqualTo(End.WITHDRAWN);
    assertThat(answer()).contains("never mind");
  }

  @Test
  void whatIsNoQuestionIsRefused() throws IOException {
    var program =
        Program.of(
            Program.withOneTool(
                """
                async () => {
                  try {
                    await server.server.request({ method: 'elicitation/create', params: {
                      mode: 'url', message: 'x', url: 'file:///etc/passwd', elicitationId: 'one' } },
                      { parse: it => it, safeParse: it => ({ success: true, data: it }) });
                    return 'asked';
                  } catch (no) { return 'refused: ' + no.message; }
                }"""));
    open(agreed(program.connection()));
    ask(calls("mcp__everything__one", "{}"));
    assertThat(answer()).contains("refused:", "must be one of http or https");
    assertThat(facts(ElicitationRequested.class)).isEmpty();
  }
}
