package io.agentledger.api.ops;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.time.LocalDate;

/** Queries of operators about the service, and of admins about their tenant. */
public sealed interface OpsQuery {
  /** Returns a list of {@link ProjectionView}. */
  @RequiresScope(Scope.OPS_READ)
  @StableName("ListProjections")
  record ListProjections() implements OpsQuery {}

  /** Returns the last rebuild of a projection as a {@link ProjectionRebuildView}. */
  @RequiresScope(Scope.OPS_READ)
  @StableName("FindProjectionRebuild")
  record FindProjectionRebuild(String projection) implements OpsQuery {}

  /**
   * Checks all components; returns a {@link SystemHealthView}. A component that does not respond is
   * shown as down.
   */
  @RequiresScope(Scope.OPS_READ)
  @StableName("CheckHealth")
  record CheckHealth() implements OpsQuery {}

  /** Gets the statistics of a tenant from the first to the last day, both included. */
  @RequiresScope(Scope.SESSIONS_READ_ALL)
  @StableName("GetStatistics")
  record GetStatistics(TenantId tenant, LocalDate from, LocalDate to)
      implements OpsQuery, TenantScoped {
    /** Maximum number of days of one query. */
    public static final int DAYS_MAX = 366;
  }

  /** Returns a page of {@link DeadLetterView}. */
  @RequiresScope(Scope.OPS_READ)
  @StableName("ListDeadLetters")
  record ListDeadLetters(String projection, PageRequest page) implements OpsQuery {}
}
