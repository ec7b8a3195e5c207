package io.agentledger.command.claude.policy;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Decides about tool calls before they are executed. Called once per tool call; answers within
 * milliseconds.
 */
public interface ToolCallAuthorizer {
  PermissionDecision decide(Subject subject, ToolUse use);

  /** Returns an authorizer with the current policies, for many calls in a row. May block. */
  default ToolCallAuthorizer snapshot(Subject subject) {
    return this;
  }

  /** Tenant, agent and session of a tool call. */
  record Subject(TenantId tenant, AgentId agent, SessionId session) {}

  /**
   * A tool call that waits for its permission.
   *
   * @param planApproved whether the run's plan has been approved, which ends its plan mode
   * @param target the real path that a file tool's path leads to, resolved once: decisions are
   *     about it, and the tool gets it; empty if it cannot be resolved
   */
  record ToolUse(
      String tool,
      JsonNode input,
      RunOptions options,
      AgentPathResolver paths,
      boolean sandboxed,
      boolean planApproved,
      PriorDecisions priorDecisions,
      Optional<Path> target) {

    public ToolUse(
        String tool,
        JsonNode input,
        RunOptions options,
        AgentPathResolver paths,
        boolean sandboxed,
        boolean planApproved,
        PriorDecisions priorDecisions) {
      this(
          tool,
          input,
          options,
          paths,
          sandboxed,
          planApproved,
          priorDecisions,
          findTarget(tool, input, paths));
    }

    private static Optional<Path> findTarget(String tool, JsonNode input, AgentPathResolver paths) {
      var call = new EvaluatedToolCall(tool, input, new Paths(paths, tool, Optional.empty()));
      return call.isAboutFiles() ? paths.resolve(call.path()) : Optional.empty();
    }

    /** Returns a copy with this path, which is not resolved. */
    public ToolUse withTarget(Path path) {
      return new ToolUse(
          tool, input, options, paths, sandboxed, planApproved, priorDecisions, Optional.of(path));
    }

    /** Returns a copy with other input. */
    public ToolUse withInput(JsonNode other) {
      return new ToolUse(tool, other, options, paths, sandboxed, planApproved, priorDecisions);
    }

    /**
     * Returns what a user decided about the call for the whole session. A decision to allow applies
     * only to the file that the path led to at that time; if the path contains a link, that may be
     * another file by now.
     */
    Optional<Decision> rememberedDecision() {
      return priorDecisions
          .call()
          .filter(decision -> decision == Decision.DENY || !isThroughLink())
          .or(priorDecisions::tool);
    }

    private boolean isThroughLink() {
      return target.filter(path -> !path.toString().equals(toEvaluatedCall().path())).isPresent();
    }

    /** Returns the call in the form that rules evaluate. */
    public EvaluatedToolCall toEvaluatedCall() {
      return new EvaluatedToolCall(tool, input, new Paths(paths, tool, target));
    }

    /** The agent's file system, with the path that was resolved before. */
    private record Paths(AgentPathResolver resolver, String tool, Optional<Path> target)
        implements EvaluatedToolCall.PathResolver {
      @Override
      public Path workspace() {
        return resolver.sandboxPaths().workspace();
      }

      @Override
      public Optional<Path> resolve(String named) {
        return EvaluatedToolCall.isAboutFiles(tool) ? target : resolver.resolve(named);
      }
    }
  }

  /**
   * Decisions about a tool call from other sources than the policies.
   *
   * @param call what a user decided for the whole session about calls with this input
   * @param tool what a user decided about all calls of this tool; {@code call} takes precedence
   * @param hooks what the hooks decided about this call
   */
  record PriorDecisions(
      Optional<Decision> call, Optional<Decision> tool, Optional<PermissionDecision> hooks) {
    public static final PriorDecisions NONE =
        new PriorDecisions(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param rule the rule that decided, as text that a user can look up; the model gets it with a
   *     denial
   * @param timeout how long a user may take to answer; zero: until the run ends
   * @param resolvedPath the path that was decided about, if it differs from the one in the input
   */
  record PermissionDecision(
      Verdict verdict, String rule, Duration timeout, Optional<String> resolvedPath) {
    public PermissionDecision(Verdict verdict, String rule) {
      this(verdict, rule, Duration.ZERO, Optional.empty());
    }

    /** Returns a copy that is denied if no answer comes within this time. */
    public PermissionDecision withTimeout(Duration limit) {
      return new PermissionDecision(verdict, rule, limit, resolvedPath);
    }

    /** Returns a copy with the real path of the call, where the CLI follows no links. */
    PermissionDecision about(ToolUse use) {
      EvaluatedToolCall call = use.toEvaluatedCall();
      return new PermissionDecision(
          verdict,
          rule,
          timeout,
          use.target()
              .map(Path::toString)
              .filter(path -> use.sandboxed() && !path.equals(call.path())));
    }

    public static PermissionDecision allowed(String rule) {
      return new PermissionDecision(Verdict.ALLOWED, rule);
    }

    public static PermissionDecision asked(String rule) {
      return new PermissionDecision(Verdict.ASKED, rule);
    }

    public static PermissionDecision denied(String rule) {
      return new PermissionDecision(Verdict.DENIED, rule);
    }

    public boolean hasVerdict(Verdict expected) {
      return verdict == expected;
    }
  }
}
