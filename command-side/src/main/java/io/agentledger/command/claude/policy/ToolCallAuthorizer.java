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

/** Decides about tool calls before anything happens. Asked once per call, within milliseconds. */
public interface ToolCallAuthorizer {
  PermissionDecision decide(Subject subject, ToolUse use);

  /** The same by the policies as they stand now, for many calls in a row. May block. */
  default ToolCallAuthorizer snapshot(Subject subject) {
    return this;
  }

  /** For whom, by which agent, in which session a tool is called. */
  record Subject(TenantId tenant, AgentId agent, SessionId session) {}

  /**
   * A call that waits for its permission.
   *
   * @param planApproved whether the run's plan has been approved, which ends its plan mode
   * @param target what the path that a file tool names really is, found once: all that is decided
   *     is about it, and it is what the tool is given; empty if nobody can tell
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

    /** The same about this path, which is not looked up. */
    public ToolUse withTarget(Path path) {
      return new ToolUse(
          tool, input, options, paths, sandboxed, planApproved, priorDecisions, Optional.of(path));
    }

    /** The same with other input. */
    public ToolUse withInput(JsonNode other) {
      return new ToolUse(tool, other, options, paths, sandboxed, planApproved, priorDecisions);
    }

    /**
     * What a person decided about it for the whole session. Whoever allowed a call allowed what its
     * path led to then: where a link stands in it, that may be something else by now.
     */
    Optional<Decision> person() {
      return priorDecisions
          .call()
          .filter(decision -> decision == Decision.DENY || !isThroughLink())
          .or(priorDecisions::tool);
    }

    private boolean isThroughLink() {
      return target.filter(path -> !path.toString().equals(toEvaluatedCall().path())).isPresent();
    }

    /** As rules see it. */
    public EvaluatedToolCall toEvaluatedCall() {
      return new EvaluatedToolCall(tool, input, new Paths(paths, tool, target));
    }

    /** The agent's file system, with what has been found of it. */
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
   * Decisions about a tool call beside the policies.
   *
   * @param call what a person decided for the whole session about calls with this input
   * @param tool the same about all calls of this tool; less than what was said to the call
   * @param hooks what the hooks said to this one
   */
  record PriorDecisions(
      Optional<Decision> call, Optional<Decision> tool, Optional<PermissionDecision> hooks) {
    public static final PriorDecisions NONE =
        new PriorDecisions(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param rule what decided, in words a person can look up; the model hears it with a denial
   * @param timeout how long a person who is asked may take; zero: as long as the run
   * @param resolvedPath what it was decided about, where that has another name than the input gives
   */
  record PermissionDecision(
      Verdict verdict, String rule, Duration timeout, Optional<String> resolvedPath) {
    public PermissionDecision(Verdict verdict, String rule) {
      this(verdict, rule, Duration.ZERO, Optional.empty());
    }

    /** The same, and silence denies after that time. */
    public PermissionDecision withTimeout(Duration limit) {
      return new PermissionDecision(verdict, rule, limit, resolvedPath);
    }

    /** The same about the path that the call really is about, where the CLI follows no links. */
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
