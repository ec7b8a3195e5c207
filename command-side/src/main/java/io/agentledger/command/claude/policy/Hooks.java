package io.agentledger.command.claude.policy;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.state.EventFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Port to the hooks that are called for a session. */
public interface Hooks {
  /** Returns the points for which the subject currently has hooks. */
  Set<HookPoint> points(Subject subject);

  /**
   * Calls the matching hooks, one after the other, on other threads.
   *
   * @return empty if no hook matches; otherwise a future that completes within the hooks' timeouts,
   *     and never with an exception
   */
  Optional<CompletableFuture<HookResult>> call(Subject subject, HookInvocation invocation);

  /**
   * Event that hooks are called for.
   *
   * @param subject the value that matchers test: the tool's name, or another value that depends on
   *     the point
   * @param toolCallId the tool call's id, or empty
   * @param occurrence identifies what the hooks are called for; equal if the call is repeated after
   *     a crash; empty: not identified
   * @param input in the format of Claude Code's hooks
   * @param outputValidator validates output with which a hook replaces another
   */
  record HookInvocation(
      HookPoint point,
      String subject,
      String toolCallId,
      String occurrence,
      JsonNode input,
      OutputValidator outputValidator) {

    /** Creates the invocation of a tool call, whose replacement output is not validated. */
    public HookInvocation(HookPoint point, String subject, String toolCallId, JsonNode input) {
      this(point, subject, toolCallId, toolCallId, input, output -> Optional.empty());
    }
  }

  /**
   * Validates output with which a hook replaces another; a hook whose output does not fit has
   * failed.
   */
  @FunctionalInterface
  interface OutputValidator {
    /** Returns what is wrong with the output; empty if it is valid. Never throws. */
    Optional<String> violation(JsonNode output);
  }

  /**
   * Combined result of all hooks of one invocation.
   *
   * @param executions one event for each hook that was called
   * @param decision deny beats ask beats allow; empty when none of them decided
   * @param input the changed input of the tool, if a hook changed it
   * @param output output that replaces the tool's result for the model, or the user's answer for a
   *     server
   * @param context text that the hooks add for the model; may be empty
   * @param stopReason reason to end the run, if a hook requested that
   */
  record HookResult(
      List<EventFactory> executions,
      Optional<PermissionDecision> decision,
      Optional<JsonNode> input,
      Optional<JsonNode> output,
      String context,
      Optional<String> stopReason) {
    /** No hook was called. */
    public static final HookResult NONE =
        new HookResult(
            List.of(), Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());
  }
}
