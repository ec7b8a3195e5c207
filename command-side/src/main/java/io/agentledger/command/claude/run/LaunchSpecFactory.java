package io.agentledger.command.claude.run;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.launch.LaunchSpec.SystemPrompt;
import io.agentledger.command.claude.record.RunEndCommands;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Creates the launch specification and the attempts of a session's run from its recorded state. */
public final class LaunchSpecFactory {
  private static final String INTERRUPTION =
      "You were interrupted by a failure of the machine and continue now. ";

  private static final String NUL_PATH =
      "You called a tool with a path that contains a NUL character (U+0000). The call was refused,"
          + " because no file has such a name. Name another path, or go on without it. ";

  private LaunchSpecFactory() {}

  /**
   * Creates the launch specification.
   *
   * @param points hook points that have hooks; the service handles PreToolUse itself
   */
  public static LaunchSpec create(
      SessionState state, RunOptions options, SandboxLevel sandbox, Set<HookPoint> points) {
    AgentSnapshot agent = state.opened().agent();
    List<String> tools =
        AgentSnapshot.BUILT_IN_TOOLS.stream().filter(agent.tools()::contains).toList();
    return new LaunchSpec(
        tools,
        Optional.of(options.model()).filter(model -> !model.isBlank()),
        agent.model().effort(),
        systemPrompt(state, agent),
        OptionalInt.of(options.maxTurns()),
        Optional.of(options)
            .filter(RunOptions::hasOutputSchema)
            .map(shaped -> shaped.outputSchema().text()),
        Optional.of(options.fallbackModel()).filter(model -> !model.isBlank()),
        options.thinking(),
        options.permissionMode() == PermissionMode.PLAN,
        reportedPoints(points, tools, sandbox),
        state.setup().tools().serverNames(),
        state.setup().launchOptions(),
        sandbox,
        ""); // The caller that knows the prompt's command sets it.
  }

  /**
   * Returns the hook points that the CLI must report. The context and the stop of hooks that run
   * before a tool reach the model only after the tool, so those points are included.
   */
  private static List<String> reportedPoints(
      Set<HookPoint> points, List<String> tools, SandboxLevel sandbox) {
    Set<HookPoint> reported = EnumSet.noneOf(HookPoint.class);
    reported.addAll(points);
    reported.removeIf(HookPoint::isOfSession);
    reported.add(HookPoint.USER_PROMPT_SUBMIT); // See NotificationFilter.
    if (tools.contains("Agent")) {
      reported.add(HookPoint.SUBAGENT_STOP); // The same.
    }
    if (sandbox != SandboxLevel.NONE
        && tools.stream().anyMatch(EvaluatedToolCall.WRITERS::contains)) {
      reported.add(HookPoint.POST_TOOL_BATCH); // See LinkErrors.
    }
    reported.removeAll(
        EnumSet.of(HookPoint.ELICITATION, HookPoint.ELICITATION_RESULT)); // By the service.
    if (reported.remove(HookPoint.PRE_TOOL_USE)) {
      reported.add(HookPoint.POST_TOOL_USE);
      reported.add(HookPoint.POST_TOOL_USE_FAILURE);
    }
    if (reported.contains(HookPoint.POST_TOOL_USE_FAILURE)) {
      reported.add(HookPoint.POST_TOOL_BATCH);
    }
    return reported.stream().map(HookPoint::wireName).toList();
  }

  private static SystemPrompt systemPrompt(SessionState state, AgentSnapshot agent) {
    return switch (agent.systemPrompt()) {
      case PRESET -> SystemPrompt.DEFAULT;
      case APPEND -> new SystemPrompt(SystemPrompt.Kind.APPEND, state.setup().systemPrompt());
      case REPLACE -> new SystemPrompt(SystemPrompt.Kind.REPLACE, state.setup().systemPrompt());
    };
  }

  /**
   * Creates an attempt of a run.
   *
   * @param number number of the attempt; that of the run's last one if its start is recorded
   * @param hasConversation whether the CLI has the conversation so far
   */
  public static RunAttempt createAttempt(
      SessionState state,
      RunState run,
      int number,
      Provenance provenance,
      boolean hasConversation) {
    return new RunAttempt(
        run.id(),
        run.cause(),
        number,
        run.attempt() == number,
        run.tryNumber(),
        run.options(),
        provenance,
        createPrompt(state, run, number, hasConversation),
        new CompletableFuture<>());
  }

  /** Returns the CLI's id of the session's conversation. */
  public static String conversationId(SessionId session) {
    return UUID.nameUUIDFromBytes(session.value().getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * Creates the prompt of an attempt. If a tool call was allowed before, by a rule, a mode or a
   * user, the prompt is not repeated, even if the call returned: the agent is told which outcomes
   * are unknown. The same applies after a call that Claude Code could not process.
   *
   * @param hasConversation whether the CLI has the conversation so far
   */
  private static Optional<RunAttempt.Prompt> createPrompt(
      SessionState state, RunState run, int attempt, boolean hasConversation) {
    if (!(run.cause() instanceof Cause.Query query)) {
      return Optional.empty();
    }
    String name = query.queryId() + "/" + attempt;
    UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    String prompt = state.prompt(run.id());
    boolean acted =
        run.calls().values().stream()
            .filter(call -> !call.rule().startsWith(MentionReader.RULE)) // Read before the prompt.
            .anyMatch(RunState.ToolCall::allowed);
    boolean nulPath = isFailedByNulPath(state, run);
    String continuation = continuation(run, nulPath ? NUL_PATH : INTERRUPTION);
    if ((acted || nulPath) && hasConversation) {
      return Optional.of(new RunAttempt.Prompt(uuid, continuation));
    }
    return Optional.of(
        new RunAttempt.Prompt(
            uuid,
            acted ? prompt + "\n\n" + continuation : prompt,
            state.attached(query.queryId()),
            state.mentions(query.queryId()),
            acted ? Optional.empty() : state.command(query.queryId())));
  }

  private static boolean isFailedByNulPath(SessionState state, RunState run) {
    return state.open(RunFailed.class, "error", run.lastError()).equals(RunEndCommands.NUL_PATH);
  }

  private static String continuation(RunState run, String reason) {
    String unknown = names(run, RunState.ToolCall::isOutcomeUnknown);
    String outcome =
        unknown.isEmpty()
            ? "All tool calls so far have returned."
            : "The outcome of these tool calls is unknown: "
                + unknown
                + ". They may or may not have taken effect.";
    String undecided = names(run, RunState.ToolCall::isUndecided);
    String notCarriedOut =
        undecided.isEmpty()
            ? ""
            : " These tool calls were not executed, because they had not been approved: "
                + undecided
                + ".";
    return reason
        + outcome
        + notCarriedOut
        + " Look at what is there before you repeat anything, then go on with the task.";
  }

  private static String names(RunState run, Predicate<RunState.ToolCall> filter) {
    return run.calls().values().stream()
        .filter(filter)
        .map(RunState.ToolCall::name)
        .collect(Collectors.joining(", "));
  }
}
