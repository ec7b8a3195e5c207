package io.agentledger.api.session;

import io.agentledger.api.shared.Json;
import java.time.Duration;
import java.util.List;

/**
 * Options of a run, fully resolved: none of them is a default that could change later.
 *
 * @param model requested model
 * @param permissionMode permission mode of the run
 * @param allowedTools rules in Claude Code's form, {@code Bash(npm test:*)}; only what they cover
 *     is allowed without a request, besides calls that only read the workspace; {@link
 *     #DEFAULT_RULE} covers what the defaults allow
 * @param disallowedTools rules in the same form; denied even if other rules allow them
 * @param maxTurns [1..1000] model exchanges of one run
 * @param timeout [1s..24h] of one run, including the time in which it waits for users
 * @param fallbackModel model that is used if the first one is overloaded or unavailable; empty:
 *     none
 * @param outputSchema JSON Schema of the answer, of type object; {@link Json#NULL}: text
 * @param checkpointing whether checkpoints of the files are taken before and after the run
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
    Json outputSchema,
    boolean checkpointing) {
  /** Entry of the allowed tools that covers what is allowed by default. */
  public static final String DEFAULT_RULE = "@default";

  /** Allowed tools of a session that names none. */
  public static final List<String> DEFAULT_ALLOWED_TOOLS = List.of(DEFAULT_RULE);

  public static final int MAX_TURNS_MAX = 1000;
  public static final Duration TIMEOUT_MAX = Duration.ofHours(24);

  /** Creates options with default thinking, no fallback model and answers in text. */
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
        Json.NULL,
        true);
  }

  public RunOptions {
    allowedTools = List.copyOf(allowedTools);
    disallowedTools = List.copyOf(disallowedTools);
  }

  /** Returns the same options in another mode. */
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
        outputSchema,
        checkpointing);
  }

  /** Returns the same options with another model. */
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
        outputSchema,
        checkpointing);
  }

  /** Returns whether the answer must match a schema. */
  public boolean hasOutputSchema() {
    return !outputSchema.equals(Json.NULL);
  }
}
