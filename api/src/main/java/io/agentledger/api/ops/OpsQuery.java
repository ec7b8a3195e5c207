package io.agentledger.api.ops;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;
import java.time.LocalDate;

/** What operators ask about the service, and admins about their tenant. */
public sealed interface OpsQuery {
  /** Answered with a list of {@link ProjectionView}. */
  record ListProjections() implements OpsQuery {}

  /** Answered with a {@link SystemHealthView}; a part that does not answer shows as broken. */
  record CheckHealth() implements OpsQuery {}

  /** What happened in a tenant, the first and the last day included. */
  record GetStatistics(TenantId tenant, LocalDate from, LocalDate to) implements OpsQuery {
    /** How many days can be asked for at once. */
    public static final int DAYS_MAX = 366;
  }

  /** Answered with a page of {@link DeadLetterView}. */
  record ListDeadLetters(String projection, PageRequest page) implements OpsQuery {}
}
