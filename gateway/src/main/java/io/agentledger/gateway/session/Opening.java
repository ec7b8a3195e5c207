package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionWishes;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.Invalid;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be said of a session that does not exist yet. */
interface Opening {
  @Nullable String title();

  @Nullable Map<String, String> metadata();

  @Nullable WorkspaceWish workspace();

  /** Null for the tenant's standard. */
  @Nullable EnvironmentId environmentId();

  @Nullable Money budgetUsd();

  @Nullable SessionOptionsWish options();

  /** Null where its mode says it. */
  @Nullable ExecutorWish executor();

  /** Where the session comes from. */
  default Origin origin() {
    return new Origin.Fresh();
  }

  default SessionOptionsWish optionsOrNone() {
    var wish = options();
    return wish == null ? SessionOptionsWish.NONE : wish;
  }

  default SessionWishes wishes() {
    var options = optionsOrNone();
    return new SessionWishes(
        title(),
        metadataOrNone(),
        runs(),
        options.toAgent(),
        budget(),
        options.toSessionTools(),
        environmentId());
  }

  /** How its runs are carried out. */
  default RunWishes runs() {
    var executor = executor();
    var wishes = optionsOrNone().toWishes();
    return executor == null ? wishes : executor.over(wishes);
  }

  default Map<String, String> metadataOrNone() {
    var pairs = metadata();
    if (pairs == null) return Map.of();
    pairs.forEach(
        (name, value) -> {
          if (value == null) throw Invalid.body("/metadata/" + name, "must be a string");
        });
    return pairs;
  }

  default WorkspaceWish workspaceOrEmpty() {
    var wish = workspace();
    return wish == null ? WorkspaceWish.EMPTY : wish;
  }

  default WorkspaceWish workspaceOrUpload() {
    var wish = workspace();
    return wish == null ? WorkspaceWish.UPLOAD : wish;
  }

  default Budget budget() {
    return budget(budgetUsd());
  }

  static Budget budget(@Nullable Money limit) {
    if (limit == null) return new Budget.Unlimited();
    if (limit.nanos() <= 0) throw Invalid.body("/budget_usd", "must be more than 0");
    return new Budget.Limited(limit);
  }
}
