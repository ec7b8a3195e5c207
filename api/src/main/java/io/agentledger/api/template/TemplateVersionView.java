package io.agentledger.api.template;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Version of a template with its author. */
public record TemplateVersionView(
    long version,
    TemplateSharing sharing,
    String name,
    @Nullable String description,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    boolean archived,
    Actor actor,
    Instant at) {
  /** Returns the same with other fields of a session. */
  public TemplateVersionView withSession(Json other) {
    return new TemplateVersionView(
        version, sharing, name, description, variables, other, prompt, archived, actor, at);
  }
}
