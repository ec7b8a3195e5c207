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
 * @param category empty for none
 * @param version from 1; a change must name the current one
 * @param uses number of sessions that were opened from it
 */
public record TemplateView(
    TemplateId id,
    UserId ownerId,
    TemplateSharing sharing,
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
  /** Returns the same with other fields of a session. */
  public TemplateView withSession(Json other) {
    return new TemplateView(
        id,
        ownerId,
        sharing,
        name,
        description,
        category,
        variables,
        other,
        prompt,
        version,
        uses,
        lastUsedAt,
        createdAt,
        updatedAt,
        archivedAt);
  }
}
