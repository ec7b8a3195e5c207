package io.agentledger.api.template;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Version of a template with its author. {@code sharedWith} is null for callers who may not change
 * it.
 */
public record TemplateVersionView(
    long version,
    TemplateSharing sharing,
    @Nullable List<UserId> sharedWith,
    String name,
    @Nullable String description,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    boolean archived,
    Actor actor,
    Instant at) {
  /**
   * Returns the same as for users who may use it, but not change it.
   *
   * @param redacted fields of a session without values
   */
  public TemplateVersionView redacted(Json redacted) {
    return new TemplateVersionView(
        version,
        sharing,
        null,
        name,
        description,
        variables,
        redacted,
        prompt,
        archived,
        actor,
        at);
  }
}
