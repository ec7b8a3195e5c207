package io.agentledger.api.session;

import io.agentledger.api.shared.Json;
import java.time.Duration;
import java.util.List;

/**
 * Options of a run, fully resolved: none of them is a default that could change later.
 *
 * @param model the model that is asked for
 * @param permissionMode how much is allowed without asking
 * @param allowedTools rules in Claude Code's form, {@code Bash(npm test:*)}; allowed unasked
 * @param disallowedTools rules in the same form; denied, whatever else allows them
 * @param maxTurns [1..1000] model exchanges of one run
 * @param timeout [1s..24h] of one run, waiting for people included
 * @param fallbackModel what is asked where the model is overloaded or away; empty: nobody
 * @param outputSchema the JSON Schema of the answer, of type object; {@link Json#NULL}: text
 */
public record RunOptions(
    String model,
    PermissionMode permissionMode,
    List<String> allowedTools,
    List<String> disallowedTools,
    int maxTurns,
    Duration timeout,
    String fallbackModel,
    Thinking thinking,
    Json outputSchema) {
  public static final int MAX_TURNS_MAX = 1000;
  public static final Duration TIMEOUT_MAX = Duration.ofHours(24);

  /** With the model alone, thinking as it does, answering in text. */
  public RunOptions(
      String model,
      PermissionMode permissionMode,
      List<String> allowedTools,
      List<String> disallowedTools,
      int maxTurns,
      Duration timeout) {
    this(
        model,
        permissionMode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeout,
        "",
        new Thinking.Standard(),
        Json.NULL);
  }

  public RunOptions {
    allowedTools = List.copyOf(allowedTools);
    disallowedTools = List.copyOf(disallowedTools);
  }

  /** The same in another mode. */
  public RunOptions withPermissionMode(PermissionMode mode) {
    return new RunOptions(
        model,
        mode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeout,
        fallbackModel,
        thinking,
        outputSchema);
  }

  /** The same with another model. */
  public RunOptions withModel(String otherModel) {
    return new RunOptions(
        otherModel,
        permissionMode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeout,
        fallbackModel,
        thinking,
        outputSchema);
  }

  /** Whether an answer of a certain shape is wanted. */
  public boolean hasOutputSchema() {
    return !outputSchema.equals(Json.NULL);
  }
}
