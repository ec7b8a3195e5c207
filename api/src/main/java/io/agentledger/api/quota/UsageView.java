package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current usage and the spending of this month.
 *
 * @param month UTC, {@code 2026-11}
 * @param tenant usage of all users together; null if the caller may see only their own
 * @param users at most 500, those with the highest spending first
 */
public record UsageView(String month, @Nullable Used tenant, List<UserUsage> users) {

  /** Usage of one user. */
  public record UserUsage(UserId userId, Used used) {}

  /**
   * Usage of a user or a tenant.
   *
   * @param sessions sessions with a run in progress or waiting
   * @param spentUsd spending of this month
   * @param reservedUsd reserved by runs in progress, beyond their spending
   */
  public record Used(
      long sessions, long tasks, long storageBytes, Money spentUsd, Money reservedUsd) {}
}
