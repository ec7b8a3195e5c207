package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentVersion;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.hook.SessionHookRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.PlacedOptions;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.RequestReferences;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Fields of requests that open a session. */
public interface SessionSpecFields {
  @Nullable String title();

  @Nullable Map<String, String> metadata();

  @Nullable WorkspaceRequest workspace();

  /** Null selects the tenant's default. */
  @Nullable EnvironmentId environmentId();

  @Nullable Money budgetUsd();

  @Nullable SessionOptionsRequest options();

  /** Null: determined by the permission mode. */
  @Nullable ExecutorRequest executor();

  /** Null: none. */
  @Nullable List<SessionHookRequest> hooks();

  /** Null: the tenant's default agent. */
  default @Nullable AgentVersion agent() {
    return null;
  }

  /** Returns the origin of the session. */
  default SessionOrigin origin() {
    return new SessionOrigin.Fresh();
  }

  /** Returns the options with their places in the body. */
  default PlacedOptions<SessionOptionsRequest> placedOptions() {
    return new PlacedOptions<>(options(), null);
  }

  /** Returns the violations of values that constraints cannot describe. */
  default List<Violation> findViolations() {
    return InvalidRequestException.collect(
        this::metadataOrEmpty,
        this::toBudget,
        this::toRunOverrides,
        () -> optionsOrDefault().toAgent(),
        () -> optionsOrDefault().toSessionTools(),
        this::toHooks);
  }

  default SessionOptionsRequest optionsOrDefault() {
    var request = placedOptions().merged();
    return request == null ? SessionOptionsRequest.NONE : request;
  }

  default SessionSpec toSpec() {
    var options = optionsOrDefault();
    var agent = agent();
    return new SessionSpec(
        title(),
        metadataOrEmpty(),
        toRunOverrides(),
        agent == null ? options.toAgent() : options.toAgent().with(agent),
        toBudget(),
        options.toSessionTools(),
        environmentId(),
        toHooks());
  }

  default List<SessionHookRequest> hooksOrEmpty() {
    var requests = hooks();
    return requests == null ? List.of() : requests;
  }

  private List<SessionHook> toHooks() {
    var requests = hooksOrEmpty();
    return IntStream.range(0, requests.size())
        .mapToObj(i -> requests.get(i).toHook("/hooks/" + i))
        .toList();
  }

  /** Returns the names in options and hooks that must exist. */
  default RequestReferences references() {
    var requests = hooksOrEmpty();
    var tools =
        IntStream.range(0, requests.size())
            .boxed()
            .flatMap(i -> requests.get(i).toolReferences("/hooks/" + i).stream())
            .toList();
    return optionsOrDefault()
        .references()
        .and(new RequestReferences(tools, List.of(), List.of(), null));
  }

  /** Returns the options of its runs. */
  default RunOverrides toRunOverrides() {
    var executor = executor();
    var overrides = optionsOrDefault().toOverrides();
    return executor == null ? overrides : executor.applyTo(overrides);
  }

  default Map<String, String> metadataOrEmpty() {
    var entries = metadata();
    if (entries == null) return Map.of();
    entries.forEach(
        (name, value) -> {
          if (value == null)
            throw InvalidRequestException.body("/metadata/" + name, "must be a string");
        });
    return entries;
  }

  default WorkspaceRequest workspaceOrEmpty() {
    var request = workspace();
    return request == null ? WorkspaceRequest.EMPTY : request;
  }

  default WorkspaceRequest workspaceOrUpload() {
    var request = workspace();
    return request == null ? WorkspaceRequest.UPLOAD : request;
  }

  default Budget toBudget() {
    return toBudget(budgetUsd());
  }

  static Budget toBudget(@Nullable Money limit) {
    if (limit == null) return new Budget.Unlimited();
    if (limit.nanos() <= 0)
      throw InvalidRequestException.body("/budget_usd", "must be more than 0");
    return new Budget.Limited(limit);
  }
}
