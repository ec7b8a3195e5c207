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

/** The hooks that are called for a session; who keeps them answers here. */
public interface Hooks {
  /** At which points somebody wants to be called, as it stands now. */
  Set<HookPoint> points(Subject subject);

  /**
   * Calls those who want to hear, one after the other, on threads of their own.
   *
   * @return empty when nobody does; otherwise it completes within the hooks' timeouts, and never
   *     with an exception
   */
  Optional<CompletableFuture<HookResult>> call(Subject subject, HookInvocation invocation);

  /**
   * Event that hooks are called for.
   *
   * @param subject what matchers look at: the tool's name, or what else the point is about
   * @param toolCallId the tool call's id, or empty
   * @param input in the shape of Claude Code's hooks
   * @param outputValidator what they say in place of others is held to
   */
  record HookInvocation(
      HookPoint point,
      String subject,
      String toolCallId,
      JsonNode input,
      OutputValidator outputValidator) {

    /** At which they may say what they like. */
    public HookInvocation(HookPoint point, String subject, String about, JsonNode input) {
      this(point, subject, about, input, output -> Optional.empty());
    }
  }

  /**
   * Validates output with which a hook replaces another; a hook whose output does not fit has
   * failed.
   */
  @FunctionalInterface
  interface OutputValidator {
    /** What is wrong with it; empty if nothing is. Never throws. */
    Optional<String> violation(JsonNode output);
  }

  /**
   * Combined result of all hooks of one invocation.
   *
   * @param executions one event for each hook that was called
   * @param decision deny beats ask beats allow; empty when none of them decided
   * @param input what the tool gets instead, if one of them changed it
   * @param output what the model gets in place of what the tool gave back, or a server in place of
   *     what the user said
   * @param context what they add for the model; may be empty
   * @param stopReason why the run is to end, if one of them wants that
   */
  record HookResult(
      List<EventFactory> executions,
      Optional<PermissionDecision> decision,
      Optional<JsonNode> input,
      Optional<JsonNode> output,
      String context,
      Optional<String> stopReason) {
    /** Nobody was called. */
    public static final HookResult NONE =
        new HookResult(
            List.of(), Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());
  }
}
