package io.agentledger.command.hook;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.store.support.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reply of a hook in the format of Claude Code's hooks. An invalid reply is a failure.
 *
 * @param reason reason of its decision, the context that it added, or the error
 * @param message message for users, which the model does not get
 * @param stopsRun whether it requests the end of the run
 */
record HookReply(
    HookOutcome outcome,
    String reason,
    String message,
    String context,
    Optional<JsonNode> updatedInput,
    Optional<JsonNode> updatedOutput,
    boolean stopsRun) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int TEXT_LENGTH_MAX = 10_000;
  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  static HookReply of(HookOutcome outcome, String detail) {
    return new HookReply(outcome, detail, "", "", Optional.empty(), Optional.empty(), false);
  }

  /**
   * Returns the details to record: the message for users, the reason, and whether the output was
   * changed.
   */
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
    if (status < 200 || status > 299) return failed("it responded with status " + status);
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) return of(HookOutcome.PASSED, "");
    try {
      JsonNode answer = JSON.readTree(text);
      return answer.isObject()
          ? parseAnswer(point, answer)
          : failed("its response is not a JSON object");
    } catch (JacksonException e) {
      return failed("its response is not a JSON object");
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
      return failed("its updatedInput is not a JSON object");
    if (hookOutput.has("action") && !ACTIONS.contains(text(hookOutput, "action").orElse("")))
      return failed("its action is not accept, decline or cancel");
    HookOutcome outcome;
    switch (decision) {
      case "" -> outcome = HookOutcome.PASSED;
      case "allow", "approve" -> outcome = HookOutcome.ALLOWED;
      case "ask" -> outcome = HookOutcome.ASKED;
      case "deny", "block" -> outcome = HookOutcome.DENIED;
      default -> {
        return failed("its decision is unknown");
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

  /** Returns the changed output. The second field is its older name, for output of MCP tools. */
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
