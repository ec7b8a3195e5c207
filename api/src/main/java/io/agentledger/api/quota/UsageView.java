package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current usage and the spending of this month.
 *
 * @param month UTC, {@code 2026-11}
 * @param tenant of all together; null for who sees only their own
 * @param users at most 500, those who spent most first
 */
public record UsageView(String month, @Nullable Used tenant, List<UserUsage> users) {

  /** Of one person. */
  public record UserUsage(UserId userId, Used used) {}

  /**
   * @param sessions that have a run in progress or waiting
   * @param spentUsd this month
   * @param reservedUsd by runs in progress, beyond what they have spent
   */
  public record Used(
      long sessions, long tasks, long storageBytes, Money spentUsd, Money reservedUsd) {}
}
