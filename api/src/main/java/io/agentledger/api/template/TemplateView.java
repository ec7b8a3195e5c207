package io.agentledger.api.template;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a template.
 *
 * @param sharedWith sorted; null for callers who may not change it
 * @param category empty for none
 * @param version from 1; a change must name the current one
 * @param uses number of sessions that were opened from it
 */
public record TemplateView(
    TemplateId id,
    UserId ownerId,
    TemplateSharing sharing,
    @Nullable List<UserId> sharedWith,
    String name,
    @Nullable String description,
    String category,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    long version,
    long uses,
    @Nullable Instant lastUsedAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {
  /**
   * Returns the same as for users who may use it, but not change it.
   *
   * @param redacted fields of a session without values
   */
  public TemplateView redacted(Json redacted) {
    return new TemplateView(
        id,
        ownerId,
        sharing,
        null,
        name,
        description,
        category,
        variables,
        redacted,
        prompt,
        version,
        uses,
        lastUsedAt,
        createdAt,
        updatedAt,
        archivedAt);
  }
}
