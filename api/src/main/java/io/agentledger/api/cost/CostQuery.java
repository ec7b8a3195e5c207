package io.agentledger.api.cost;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Queries about costs. A caller who may not see the whole tenant sees their own costs only. */
public sealed interface CostQuery extends TenantScoped {
  /** Dimension by which costs are grouped. */
  enum GroupBy {
    DAY,
    USER,
    AGENT,
    /** Task whose executions opened the sessions; {@link #NO_TASK} for other sessions. */
    TASK,
    SESSION,
    RUN,
    MODEL;

    /** Key of the costs of sessions that no task opened. */
    public static final String NO_TASK = "none";
  }

  /** Lists costs in the order of the grouping key; returns a page of {@link CostView}. */
  @RequiresScope(Scope.USAGE_READ)
  @StableName("ListCosts")
  record ListCosts(TenantId tenant, GroupBy groupBy, CostFilter filter, PageRequest page)
      implements CostQuery {}

  /**
   * Filter for costs; null does not restrict.
   *
   * @param from the first day, UTC
   * @param to the last day
   */
  record CostFilter(
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      @Nullable UserId userId,
      @Nullable AgentId agentId,
      @Nullable SessionId sessionId,
      @Nullable String model) {}
}
