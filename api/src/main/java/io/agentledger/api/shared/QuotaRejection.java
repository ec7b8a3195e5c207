package io.agentledger.api.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rejections about limits and budgets. */
public sealed interface QuotaRejection extends Rejection {
  /**
   * A limit is reached.
   *
   * @param limit name of the limit in the quota
   * @param max its value
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
   * The budget is used up or reserved by other runs.
   *
   * @param budgetOwner tenant, user or session
   * @param renewsAt when the next budget begins; null for a session, whose budget is for its
   *     lifetime
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
   * The request exceeds the limits that the operator permits to a tenant's admin.
   *
   * @param excesses every limit that is above its ceiling, in the order of the request
   */
  record AboveCeiling(List<Excess> excesses) implements QuotaRejection {
    /**
     * One limit above its ceiling.
     *
     * @param field JSON pointer into the request
     * @param asked the requested value
     * @param ceiling highest permitted value
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
   * The storage limit would be exceeded.
   *
   * @param limit name of the limit in the quota, or {@link #OF_ENVIRONMENT}
   * @param maxMib its value
   */
  record StorageFull(String limit, long maxMib) implements QuotaRejection {
    /** Workspace limit of the session's environment, which may be lower than the owner's limit. */
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
