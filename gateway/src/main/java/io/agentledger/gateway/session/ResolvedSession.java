package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentVersion;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.hook.SessionHookRequest;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.PlacedOptions;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request to open a session, with the fields of its template and its agent.
 *
 * @param prompt first query of the session; null for none
 * @param flatOptions options that stand beside the others in the body; null for none
 * @param agent null for the default agent
 */
record ResolvedSession(
    CreateSessionRequest request,
    SessionOrigin origin,
    @Nullable String prompt,
    @Nullable SessionOptionsRequest flatOptions,
    @Nullable AgentVersion agent)
    implements SessionSpecFields {
  ResolvedSession(CreateSessionRequest request, SessionOrigin origin, @Nullable String prompt) {
    this(request, origin, prompt, null, null);
  }

  /** Returns the session with an agent that has no fields. */
  ResolvedSession with(AgentVersion other) {
    return new ResolvedSession(request.withoutAgent(), origin, prompt, flatOptions, other);
  }

  /** Returns the first inputs: the prompt, with the options of the session. */
  List<Input> inputs() {
    var first = prompt;
    return first == null
        ? List.of()
        : List.of(SessionInputRequest.prompt(first, List.of(), null, null));
  }

  /** Returns the session of an execution. */
  ResolvedSession forTask(ExecutionSession execution) {
    if (execution.readOnly()) ReadOnlyAgents.require(optionsOrDefault());
    var first = execution.prompt() == null ? prompt : execution.prompt();
    if (first == null)
      throw InvalidRequestException.body(
          "/prompt", "is required: neither the task nor its template has one");
    var limited =
        execution.budget() instanceof Budget.Limited(Money limit)
            ? request.limitedTo(limit)
            : request;
    return new ResolvedSession(limited, execution.origin(), first, flatOptions, agent);
  }

  /** Returns the session of a chat, whose queries the channel sends. */
  ResolvedSession forChat(SessionOrigin.Chat chat, String title) {
    return new ResolvedSession(request.withDefaultTitle(title), chat, null, flatOptions, agent);
  }

  /** The agent of a chat can hand it to people. */
  @Override
  public SessionSpec toSpec() {
    var spec = SessionSpecFields.super.toSpec();
    return origin instanceof SessionOrigin.Chat
        ? spec.with(spec.tools().with(PlatformServer.ID))
        : spec;
  }

  @Override
  public @Nullable String title() {
    return request.title();
  }

  @Override
  public @Nullable Map<String, String> metadata() {
    return request.metadata();
  }

  @Override
  public @Nullable WorkspaceRequest workspace() {
    return request.workspace();
  }

  @Override
  public @Nullable EnvironmentId environmentId() {
    return request.environmentId();
  }

  @Override
  public @Nullable Money budgetUsd() {
    return request.budgetUsd();
  }

  @Override
  public @Nullable ExecutorRequest executor() {
    return request.executor();
  }

  @Override
  public @Nullable SessionOptionsRequest options() {
    return request.options();
  }

  @Override
  public PlacedOptions<SessionOptionsRequest> placedOptions() {
    return new PlacedOptions<>(request.options(), flatOptions);
  }

  @Override
  public @Nullable List<SessionHookRequest> hooks() {
    return request.hooks();
  }
}
