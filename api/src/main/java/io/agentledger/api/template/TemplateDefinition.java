package io.agentledger.api.template;

import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a template.
 *
 * @param description null for none
 * @param variables in the order in which they are asked for
 * @param session the opening of a session as the API takes it, an object; {@code ${name}} in its
 *     texts stands for a variable, {@code $${} for itself
 * @param prompt what is asked in the session first; null for nothing
 */
public record TemplateDefinition(
    @Nullable String description,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt) {
  public TemplateDefinition {
    variables = List.copyOf(variables);
  }
}
