package io.agentledger.api.cost;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskId;
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
    /** Execution of a task, with all of its attempts; {@link #NO_TASK} for other sessions. */
    EXECUTION,
    /** Flow, with the executions that its agents started; {@link #NO_TASK} for other sessions. */
    FLOW,
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

  /** Unit that a histogram counts. */
  enum CostUnit {
    RUN,
    SESSION,
    /** Execution of a task, with all of its attempts. */
    EXECUTION,
    /** Flow, with the executions that its agents started. */
    FLOW
  }

  /**
   * Counts runs, sessions, executions or flows by their costs; returns a {@link CostHistogramView}.
   * A filter without a first day begins {@value #HISTOGRAM_DAYS} days before its last one.
   */
  @RequiresScope(Scope.USAGE_READ)
  @StableName("FindCostHistogram")
  record FindCostHistogram(TenantId tenant, CostUnit unit, CostFilter filter)
      implements CostQuery {}

  /** Days of a histogram whose filter has no first day. */
  int HISTOGRAM_DAYS = 30;

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
      @Nullable TaskId taskId,
      @Nullable ExecutionId executionId,
      @Nullable FlowId flowId,
      @Nullable SessionId sessionId,
      @Nullable String model) {
    /** Does not restrict. */
    public static final CostFilter ALL =
        new CostFilter(null, null, null, null, null, null, null, null, null);

    /** Returns a copy with other days. */
    public CostFilter withDays(@Nullable LocalDate first, @Nullable LocalDate last) {
      return new CostFilter(
          first, last, userId, agentId, taskId, executionId, flowId, sessionId, model);
    }

    /** Returns a copy for one user. */
    public CostFilter withUser(@Nullable UserId user) {
      return new CostFilter(from, to, user, agentId, taskId, executionId, flowId, sessionId, model);
    }

    /** Returns a copy for one session. */
    public CostFilter withSession(@Nullable SessionId session) {
      return new CostFilter(from, to, userId, agentId, taskId, executionId, flowId, session, model);
    }
  }
}
