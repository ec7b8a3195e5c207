package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.SessionHookExecuted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.model.RecordedModelRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/**
 * One session of the real CLI reaches every hook point: a plan with tasks, a failing tool, one that
 * needs a permission, a subagent, a command of the workspace, a compaction of the conversation, and
 * a refusal of the model.
 */
@Import(RecordedModelRequests.RecordingConfiguration.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HookPointsIT extends HookTestSupport {
  private static final String WORK =
      """
      ```rehearsal
      - say: "I begin."
        calls:
          - {tool: TaskCreate, input: {subject: Look, description: Look around}}
          - {tool: Bash, input: {command: "false", description: fail}}
      - calls:
          - {tool: TaskUpdate, input: {taskId: "1", status: completed}}
      - calls:
          - {tool: Read, input: {file_path: /etc/hostname}}
      - calls:
          - tool: Agent
            input: {subagent_type: general-purpose, description: help, prompt: "scenario: text"}
      - say: "Done."
      ```
      """;
  private static final String REFUSED =
      "```rehearsal\n- fail: {status: 400, message: not this}\n  say: never\n```\n";

  private final Set<HookPoint> reached = EnumSet.noneOf(HookPoint.class);
  private final List<JsonNode> hookCalls = new ArrayList<>();
  private String request = "";

  @BeforeAll
  void runThroughEveryHookPoint() throws IOException {
    clearReceivedCalls();
    says = HookPointsIT::addition;
    for (HookPoint point : HookPoint.values()) {
      if (point.isSupported()) hook(point, plain());
    }
    open(RunOverrides.NONE, PREPARED, new SessionOrigin.Fresh());
    writeWorkspaceFile("CLAUDE.md", "Be brief.");
    writeWorkspaceFile("hooked.txt", "CONTENT-THAT-A-HOOK-MENTIONS");
    writeWorkspaceFile(".claude/commands/greet.md", "Greet $ARGUMENTS.");
    submitQuery(WORK);
    PermissionRequested wanted = awaitEvent(PermissionRequested.class);
    submitInput(
        new Input.Decide(wanted.actionId(), Decision.ALLOW, wanted.inputDigest(), null, null));
    awaitEvent(RunCompleted.class);
    submitCommand("greet", "Ada");
    awaitEvents(RunCompleted.class, 2);
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 3);
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 4);
    submitQuery(REFUSED);
    awaitEvent(RunFailed.class);
    awaitPoint(HookPoint.STOP_FAILURE); // The run does not wait for it.
    send(new ArchiveSession(session));
    awaitSessionHook(HookPoint.SESSION_END);
    events(HookExecuted.class).stream().map(HookExecuted::point).forEach(reached::add);
    events(SessionHookExecuted.class).stream()
        .map(SessionHookExecuted::point)
        .forEach(reached::add);
    RECEIVED_CALLS.forEach(receivedHookCall -> hookCalls.add(receivedHookCall.json()));
    request = RecordedModelRequests.requestsOf(session);
    archive();
  }

  private void awaitSessionHook(HookPoint point) {
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(events(SessionHookExecuted.class))
                    .extracting(SessionHookExecuted::point)
                    .contains(point));
  }

  private void awaitPoint(HookPoint point) {
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () -> assertThat(executed()).extracting(HookExecuted::point).contains(point));
  }

  /**
   * Returns the context that each point adds, once; context that is added at the end makes the
   * model continue.
   */
  private static String addition(JsonNode input) {
    String point = input.path("hook_event_name").asString();
    boolean again = input.path("stop_hook_active").asBoolean(false);
    return again
        ? ""
        : "{\"hookSpecificOutput\": {\"hookEventName\": \"%1$s\", \"additionalContext\": \"added at %1$s. @hooked.txt\"}}"
            .formatted(point);
  }

  @Test
  void mentionInAddedContextIsOnlyText() {
    assertThat(request).contains("@hooked.txt").doesNotContain("CONTENT-THAT-A-HOOK-MENTIONS");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "PRE_TOOL_USE",
        "POST_TOOL_USE",
        "POST_TOOL_USE_FAILURE",
        "POST_TOOL_BATCH",
        "USER_PROMPT_SUBMIT",
        "USER_PROMPT_EXPANSION",
        "SESSION_START",
        "STOP",
        "STOP_FAILURE",
        "SUBAGENT_START",
        "SUBAGENT_STOP",
        "PRE_COMPACT",
        "POST_COMPACT",
        "PERMISSION_REQUEST",
        "TASK_CREATED",
        "TASK_COMPLETED",
        "INSTRUCTIONS_LOADED",
        "MESSAGE_DISPLAY",
        "NOTIFICATION",
        "SESSION_END"
      })
  void hookIsCalledAndTheCallIsRecorded(HookPoint point) {
    assertThat(reached).contains(point);
    assertThat(hookCalls)
        .filteredOn(input -> input.path("hook_event_name").asString().equals(point.wireName()))
        .isNotEmpty()
        .allMatch(input -> input.path("session_id").asString().equals(session.value()))
        .noneMatch(input -> input.toString().contains("transcript_path"));
  }

  @Test
  void requestsAndResponsesAreThoseOfTheApiDocument() throws IOException {
    var call =
        JSON.readTree(Files.readString(Path.of("..", "docs", "openapi.json")))
            .at("/webhooks/hook/post");
    var schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var content = "/content/application~1json/schema";
    var requestSchema = schemas.getSchema(call.path("requestBody").at(content));
    var responseSchema = schemas.getSchema(call.at("/responses/200" + content));
    for (var input : hookCalls) {
      assertThat(requestSchema.validate(input)).as(input.toString()).isEmpty();
      var answer = addition(input);
      if (!answer.isEmpty()) assertThat(responseSchema.validate(JSON.readTree(answer))).isEmpty();
    }
  }

  private List<JsonNode> callsAt(HookPoint point) {
    return hookCalls.stream()
        .filter(input -> input.path("hook_event_name").asString().equals(point.wireName()))
        .toList();
  }

  @Test
  void sessionStartNamesItsSourceOnceForEachStartOfTheConversation() {
    assertThat(callsAt(HookPoint.SESSION_START))
        .extracting(input -> input.path("source").asString())
        .containsExactly("startup", "compact");
  }

  @Test
  void notificationSaysWhatTheSessionWaitsFor() {
    assertThat(callsAt(HookPoint.NOTIFICATION))
        .extracting(input -> input.path("notification_type").asString())
        .contains("permission_prompt", "idle_prompt");
    assertThat(callsAt(HookPoint.NOTIFICATION))
        .filteredOn(input -> input.path("notification_type").asString().equals("permission_prompt"))
        .singleElement()
        .satisfies(
            input ->
                assertThat(input.path("message").asString()).contains("permission to use Read"))
        .satisfies(input -> assertThat(input.path("action_id").asString()).startsWith("act_"));
  }

  @Test
  void sessionEndNamesItsReasonOnce() {
    assertThat(callsAt(HookPoint.SESSION_END))
        .extracting(input -> input.path("reason").asString())
        .containsExactly("archived");
  }

  static List<HookPoint> pointsWithContext() {
    return EnumSet.allOf(HookPoint.class).stream().filter(HookPoint::acceptsContext).toList();
  }

  @ParameterizedTest
  @MethodSource("pointsWithContext")
  void hookContextIsInTheModelsNextRequest(HookPoint point) {
    assertThat(request).contains("added at " + point.wireName() + ".");
  }

  @Test
  void contextAtOtherPointsIsNotSentToTheModel() {
    var silent = EnumSet.allOf(HookPoint.class);
    silent.removeAll(pointsWithContext());
    assertThat(silent)
        .allSatisfy(point -> assertThat(request).doesNotContain("added at " + point.wireName()));
  }

  static List<HookPoint> pointsNeverReached() {
    return EnumSet.allOf(HookPoint.class).stream().filter(point -> !point.isSupported()).toList();
  }

  @ParameterizedTest
  @MethodSource("pointsNeverReached")
  void rejectsHooksForUnsupportedPoints(HookPoint point) {
    assertThatThrownBy(() -> hook(point, plain()))
        .hasMessageContaining("point")
        .hasMessageContaining("is not supported here");
    hooks.removeLast();
  }
}
