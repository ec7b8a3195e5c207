package io.agentledger.command.hook;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reply of a hook in the format of Claude Code's hooks. A reply that cannot be understood is a
 * failure.
 *
 * @param reason its reason, or what it added, or what is wrong with it
 * @param message what it says to people; the model does not hear it
 * @param stopsRun whether it wants the run to end
 */
record HookReply(
    HookOutcome outcome,
    String reason,
    String message,
    String context,
    Optional<JsonNode> updatedInput,
    Optional<JsonNode> updatedOutput,
    boolean stopsRun) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TEXT_LENGTH_MAX = 10_000;
  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  static HookReply of(HookOutcome outcome, String detail) {
    return new HookReply(outcome, detail, "", "", Optional.empty(), Optional.empty(), false);
  }

  /** For the record: what it said to people, why, and whether the model got something else. */
  String detail() {
    return Stream.of(message, reason, updatedOutput.isPresent() ? describeOutputChange() : "")
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private String describeOutputChange() {
    return updatedOutput
        .flatMap(output -> text(output, "action"))
        .map(action -> "it answered: " + action)
        .orElse("the output was changed");
  }

  static HookReply failed(String reason) {
    return of(HookOutcome.FAILED, reason);
  }

  static HookReply parse(HookPoint point, int status, byte[] body) {
    if (status < 200 || status > 299) return failed("it answered with status " + status);
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) return of(HookOutcome.PASSED, "");
    try {
      JsonNode answer = JSON.readTree(text);
      return answer.isObject()
          ? parseAnswer(point, answer)
          : failed("its answer is no JSON object");
    } catch (JacksonException e) {
      return failed("its answer is no JSON object");
    }
  }

  private static HookReply parseAnswer(HookPoint point, JsonNode answer) {
    JsonNode hookOutput = answer.path("hookSpecificOutput");
    String decision = text(hookOutput, "permissionDecision").orElse("");
    String reason =
        text(hookOutput, "permissionDecisionReason")
            .or(() -> text(answer, "stopReason"))
            .or(() -> text(answer, "reason"))
            .orElse("");
    String context = text(hookOutput, "additionalContext").orElse("");
    if (decision.isEmpty()) decision = text(answer, "decision").orElse("");
    boolean stops = answer.path("continue").isBoolean() && !answer.path("continue").asBoolean();
    if (stops) decision = "block";
    JsonNode input = hookOutput.path("updatedInput");
    if (!input.isMissingNode() && !input.isObject())
      return failed("its updatedInput is no JSON object");
    if (hookOutput.has("action") && !ACTIONS.contains(text(hookOutput, "action").orElse("")))
      return failed("its action is none of accept, decline and cancel");
    HookOutcome outcome;
    switch (decision) {
      case "" -> outcome = HookOutcome.PASSED;
      case "allow", "approve" -> outcome = HookOutcome.ALLOWED;
      case "ask" -> outcome = HookOutcome.ASKED;
      case "deny", "block" -> outcome = HookOutcome.DENIED;
      default -> {
        return failed("it decides something that is not known here");
      }
    }
    Optional<JsonNode> updated =
        point == HookPoint.PRE_TOOL_USE && input.isObject() ? Optional.of(input) : Optional.empty();
    String message = text(answer, "systemMessage").orElse("");
    return new HookReply(
        outcome,
        reason.isEmpty() ? context : reason,
        message,
        context,
        updated,
        switch (point) {
          case POST_TOOL_USE -> output(hookOutput);
          case ELICITATION, ELICITATION_RESULT ->
              Optional.of(hookOutput).filter(response -> response.has("action"));
          default -> Optional.empty();
        },
        stops);
  }

  /** The second name is an older one, for what servers' tools gave back. */
  private static Optional<JsonNode> output(JsonNode hookOutput) {
    return Stream.of("updatedToolOutput", "updatedMCPToolOutput")
        .map(hookOutput::path)
        .filter(node -> !node.isMissingNode() && !node.isNull())
        .findFirst();
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString()
        ? Optional.of(value.asString())
            .map(
                text -> text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text)
        : Optional.empty();
  }
}
