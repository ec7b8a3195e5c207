package io.agentledger.api.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Filter for audit entries; null does not restrict.
 *
 * @param actor {@code type:id}, or the id alone
 * @param action the event's name
 * @param resourceId id of the affected resource
 * @param from inclusive
 * @param to exclusive
 * @param resourceType type of the affected resource
 * @param hasChanges whether the entries have changes of a configuration
 */
public record AuditFilter(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String resourceId,
    @Nullable Outcome outcome,
    @Nullable String requestId,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String resourceType,
    @Nullable Boolean hasChanges) {
  public static final AuditFilter ALL =
      new AuditFilter(null, null, null, null, null, null, null, null, null);
}
