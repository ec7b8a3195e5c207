package io.agentledger.api.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** About what may be used, and how much of it. */
public sealed interface QuotaRejection extends Rejection {
  /**
   * As much as may be used at a time, or in a time, is in use.
   *
   * @param limit which one, as the quota names it
   * @param max what it allows
   */
  record LimitReached(String limit, long max, Duration retryAfter) implements QuotaRejection {
    @Override
    public String code() {
      return "limit_reached";
    }

    @Override
    public String message() {
      return "The limit " + limit + " of " + max + " is reached.";
    }
  }

  /**
   * The money is spent or held by other runs.
   *
   * @param budgetOwner tenant, user or session
   * @param renewsAt when there is a new budget; null for a session, which has one for its life
   */
  record BudgetExceeded(String budgetOwner, Money limitUsd, @Nullable Instant renewsAt)
      implements QuotaRejection {
    @Override
    public String code() {
      return "budget_exceeded";
    }

    @Override
    public String message() {
      return "The budget of the " + budgetOwner + ", " + limitUsd + " US dollars, is used up.";
    }
  }

  /**
   * More than the operator lets a tenant's admin set.
   *
   * @param excesses every limit that is above its ceiling, in the order of the request
   */
  record AboveCeiling(List<Excess> excesses) implements QuotaRejection {
    /**
     * One limit above its ceiling.
     *
     * @param field JSON pointer into the request
     * @param asked the requested value
     * @param ceiling the most that can be set
     */
    public record Excess(String field, String asked, String ceiling) {
      @Override
      public String toString() {
        return field + " is " + asked + ", and may be " + ceiling + " at most";
      }
    }

    @Override
    public String code() {
      return "limits_above_ceiling";
    }

    @Override
    public String message() {
      return "Above the operator's ceiling: "
          + excesses.stream().map(Excess::toString).collect(Collectors.joining("; "))
          + ".";
    }
  }

  /**
   * There is no room for it.
   *
   * @param limit which one, as the quota names it, or {@link #OF_ENVIRONMENT}
   * @param maxMib what it allows
   */
  record StorageFull(String limit, long maxMib) implements QuotaRejection {
    /** What the session's environment lets a workspace hold, however much its owner may have. */
    public static final String OF_ENVIRONMENT = "environment_workspace_mib";

    @Override
    public String code() {
      return "storage_full";
    }

    @Override
    public String message() {
      return "The limit " + limit + " of " + maxMib + " MiB would be exceeded.";
    }
  }
}
