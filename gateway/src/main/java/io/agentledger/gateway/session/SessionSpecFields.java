package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be said of a session that does not exist yet. */
public interface SessionSpecFields {
  @Nullable String title();

  @Nullable Map<String, String> metadata();

  @Nullable WorkspaceRequest workspace();

  /** Null for the tenant's standard. */
  @Nullable EnvironmentId environmentId();

  @Nullable Money budgetUsd();

  @Nullable SessionOptionsRequest options();

  /** Null where its mode says it. */
  @Nullable ExecutorRequest executor();

  /** Where the session comes from. */
  default SessionOrigin origin() {
    return new SessionOrigin.Fresh();
  }

  default SessionOptionsRequest optionsOrNone() {
    var request = options();
    return request == null ? SessionOptionsRequest.NONE : request;
  }

  default SessionSpec toSpec() {
    var options = optionsOrNone();
    return new SessionSpec(
        title(),
        metadataOrNone(),
        runs(),
        options.toAgent(),
        budget(),
        options.toSessionTools(),
        environmentId());
  }

  /** How its runs are carried out. */
  default RunOverrides runs() {
    var executor = executor();
    var overrides = optionsOrNone().toOverrides();
    return executor == null ? overrides : executor.applyTo(overrides);
  }

  default Map<String, String> metadataOrNone() {
    var pairs = metadata();
    if (pairs == null) return Map.of();
    pairs.forEach(
        (name, value) -> {
          if (value == null)
            throw InvalidRequestException.body("/metadata/" + name, "must be a string");
        });
    return pairs;
  }

  default WorkspaceRequest workspaceOrEmpty() {
    var request = workspace();
    return request == null ? WorkspaceRequest.EMPTY : request;
  }

  default WorkspaceRequest workspaceOrUpload() {
    var request = workspace();
    return request == null ? WorkspaceRequest.UPLOAD : request;
  }

  default Budget budget() {
    return budget(budgetUsd());
  }

  static Budget budget(@Nullable Money limit) {
    if (limit == null) return new Budget.Unlimited();
    if (limit.nanos() <= 0)
      throw InvalidRequestException.body("/budget_usd", "must be more than 0");
    return new Budget.Limited(limit);
  }
}
