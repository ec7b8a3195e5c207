package io.agentledger.api.template;

import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a template.
 *
 * @param description null for none
 * @param variables in the order in which they are requested
 * @param session request to open a session, as in the API, an object; {@code ${name}} in its texts
 *     refers to a variable; {@code $$} in front of the brace makes it literal text
 * @param prompt first query of the session; null for none
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
